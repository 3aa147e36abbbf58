// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "control/service.hpp"

namespace vinny {

class engine;

/// GET /v1/clocks. `work` must outlive it.
[[nodiscard]] std::unique_ptr<service> serve_clocks(engine& work);

}  // namespace vinny
