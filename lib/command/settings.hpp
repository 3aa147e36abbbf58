// SPDX-License-Identifier: MIT
//
// `vinny config check` and `vinny config show`.
#pragma once

#include <vector>

#include "command/output.hpp"
#include "config/load.hpp"

namespace vinny {

// These give the exit code.
[[nodiscard]] int check_settings(config const& settings, output_options const& how);
[[nodiscard]] int show_settings(config const& settings, output_options const& how);
/// A configuration that cannot be used.
[[nodiscard]] int refuse_settings(std::vector<config_problem> const& problems, bool as_json);

}  // namespace vinny
