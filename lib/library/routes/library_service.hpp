// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "control/service.hpp"

namespace vinny {

class engine;

/// Searching in the library. `work` must outlive it.
[[nodiscard]] std::unique_ptr<service> serve_library(engine& work);

}  // namespace vinny
