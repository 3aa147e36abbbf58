// SPDX-License-Identifier: MIT
//
// `vinny library search` and `vinny library index`.
#pragma once

#include <string>

#include "command/command_line.hpp"

namespace vinny {

// They give the exit code.
[[nodiscard]] int show_library_index(config const& settings);
/// By the daemon where one works on this catalog, else here.
[[nodiscard]] int search_library_here(config const& settings, invocation const& how,
                                      std::string const& text, std::size_t limit);

}  // namespace vinny
