// SPDX-License-Identifier: MIT
//
// `vinny`: what each verb does, in this process or by the daemon.
#pragma once

#include "command/arguments.hpp"

namespace vinny {

/// Carries the arguments out; the exit code.
[[nodiscard]] int run_command(arguments const& what);

}  // namespace vinny
