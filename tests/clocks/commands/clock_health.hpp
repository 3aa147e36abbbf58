// SPDX-License-Identifier: MIT
#pragma once

#include "run/health/health.hpp"

namespace vinny {

/// Whether there is a clock to wind.
class clock_health final : public health_check {
 public:
  [[nodiscard]] task<> examine(health& to) const override;
};

}  // namespace vinny
