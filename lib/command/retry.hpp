// SPDX-License-Identifier: MIT
//
// `vinny … retry`.
#pragma once

#include "command/command_line.hpp"

namespace vinny {

/// Counts what is meant and, unless it is a dry run, opens it again. The exit code.
[[nodiscard]] int run_retry(config const& settings, invocation const& how, retry_kind const& what,
                            retry_wish wish, bool dry_run);

}  // namespace vinny
