// SPDX-License-Identifier: MIT
//
// `vinny library search`.
#pragma once

#include "command/arguments.hpp"
#include "config/config.hpp"

namespace vinny {

/// By the daemon, which looks artwork up meanwhile; without one, in the catalog as it is. Gives the
/// exit code.
/// Prints what makes searches in PostgreSQL fast.
[[nodiscard]] int show_library_index(config const& settings);
[[nodiscard]] int search_library_here(config const& settings, arguments const& what);

}  // namespace vinny
