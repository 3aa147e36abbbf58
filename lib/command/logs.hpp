// SPDX-License-Identifier: MIT
#pragma once

#include "command/arguments.hpp"
#include "config/config.hpp"

namespace vinny {

/// `vinny logs`: the daemon's last lines, and with --follow those that come. The exit code.
[[nodiscard]] int show_logs(config const& settings, arguments const& what);

}  // namespace vinny
