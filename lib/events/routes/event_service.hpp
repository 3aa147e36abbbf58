// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "control/service.hpp"

namespace vinny {

class engine;

/// The files that were made, and the slow look at the store. `work` must outlive it.
[[nodiscard]] std::unique_ptr<service> serve_events(engine& work);

}  // namespace vinny
