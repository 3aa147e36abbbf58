// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "command/arguments.hpp"
#include "config/config.hpp"

namespace vinny {

/// `vinny captures add` and `vinny captures list`: by the daemon's own answers, or the same here.
[[nodiscard]] int run_captures(std::shared_ptr<config const> const& settings,
                               arguments const& what);

}  // namespace vinny
