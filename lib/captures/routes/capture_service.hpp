// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "control/service.hpp"

namespace vinny {

class engine;

/// Captures, the route that makes thumbnails, and the care for both. `work` must outlive it.
[[nodiscard]] std::unique_ptr<service> serve_captures(engine& work);

}  // namespace vinny
