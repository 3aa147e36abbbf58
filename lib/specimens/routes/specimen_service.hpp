// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "control/service.hpp"

namespace vinny {

class engine;

/// The report of the specimens. `work` must outlive it.
[[nodiscard]] std::unique_ptr<service> serve_specimens(engine& work);

}  // namespace vinny
