// SPDX-License-Identifier: MIT
#pragma once

#include "run/health/health.hpp"

namespace vinny {

/// D1: its API, the token, and the database.
class d1_health final : public health_check {
 public:
  [[nodiscard]] task<> examine(health& to) const override;
};

}  // namespace vinny
