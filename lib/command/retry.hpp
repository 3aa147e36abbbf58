// SPDX-License-Identifier: MIT
//
// `vinny specimens retry` and `vinny images retry`.
#pragma once

#include "command/arguments.hpp"
#include "config/config.hpp"

namespace vinny {

/// Counts what is meant and, unless it is a dry run, opens it again. The exit code.
[[nodiscard]] int run_retry(config const& settings, arguments const& what);

}  // namespace vinny
