// SPDX-License-Identifier: MIT
#pragma once

#include "command/command_line.hpp"

namespace vinny {

/// Reads the configuration and does what the verb says; the exit code.
[[nodiscard]] int run_command(chosen_verb const& what);

}  // namespace vinny
