// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "command/command_line.hpp"
#include "policy/host_lane.hpp"

namespace vinny {

struct host_arguments {
  std::vector<std::string> names;
  bool healthy = false;
  bool apply = false;
  host_change change;
};

/// They give the exit code.
[[nodiscard]] int list_hosts(config const& settings, invocation const& how);
[[nodiscard]] int change_hosts(config const& settings, invocation const& how,
                               host_arguments const& what);

}  // namespace vinny
