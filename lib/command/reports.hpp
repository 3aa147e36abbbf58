// SPDX-License-Identifier: MIT
//
// What the command tells from the catalog, beside whoever works on it.
#pragma once

#include <functional>
#include <string>

#include "catalog/database.hpp"
#include "command/output.hpp"
#include "config/config.hpp"

namespace vinny {

/// Runs a report over the catalog; what it throws and returns become an exit code.
[[nodiscard]] int report_from_catalog(config const& settings,
                                      std::function<int(database&)> const& report);

// These give the exit code.
[[nodiscard]] int show_status(config const& settings, output_options const& how);
[[nodiscard]] int show_runs(config const& settings, output_options const& how);
/// `id`: a run's, or "latest".
[[nodiscard]] int show_run(config const& settings, std::string const& id,
                           output_options const& how);
[[nodiscard]] int show_explanation(config const& settings, std::string const& subject,
                                   output_options const& how);

}  // namespace vinny
