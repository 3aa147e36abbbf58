// SPDX-License-Identifier: MIT
#pragma once

#include "command/arguments.hpp"
#include "config/config.hpp"

namespace vinny {

/// `vinny hosts list`, `release` and `set`: prints, and changes hosts through the daemon when one
/// runs, else in the catalog. An exit code.
[[nodiscard]] int run_hosts(config const& settings, arguments const& what);

}  // namespace vinny
