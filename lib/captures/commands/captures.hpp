// SPDX-License-Identifier: MIT
//
// `vinny captures add` and `vinny captures list`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "command/command_line.hpp"

namespace vinny {

struct capture_arguments {
  std::vector<std::string> names;  // to add: files, directories, URLs
  std::string collection;          // empty: the usual one, or all of them
  std::int64_t before = 0;         // to list: ids below this; 0: the newest
  std::size_t limit = 50;          // to list
};

// They give the exit code.
[[nodiscard]] int add_captures(std::shared_ptr<config const> const& settings, invocation const& how,
                               capture_arguments const& what);
[[nodiscard]] int list_captures_here(config const& settings, invocation const& how,
                                     capture_arguments const& what);

}  // namespace vinny
