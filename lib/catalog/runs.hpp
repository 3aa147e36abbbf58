// SPDX-License-Identifier: MIT
//
// Runs and the items they gave up. Functions run inside catalog::write or catalog::read, or on a
// read-only connection beside another program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/database.hpp"
#include "model/run.hpp"

namespace vinny {

void add_run(database& db, run_record const& run);
void update_run(database& db, run_record const& run);
void add_run_error(database& db, std::string const& run_id, run_error const& error,
                   std::string const& at);

[[nodiscard]] std::optional<run_record> find_run(database& db, std::string const& id);
/// Newest first.
[[nodiscard]] std::vector<run_record> list_runs(database& db, std::size_t limit);
/// The eldest first.
[[nodiscard]] std::vector<run_record> active_runs(database& db);
[[nodiscard]] std::vector<run_error> errors_of(database& db, std::string const& run_id,
                                               std::size_t limit);
/// The newest errors of all runs.
[[nodiscard]] std::vector<run_error> recent_errors(database& db, std::size_t limit);

/// Runs that a crash cut off: they failed. How many there were.
int close_cut_off_runs(database& db, std::string const& at);
/// Runs older than `before` (RFC 3339) and their errors go.
void forget_runs(database& db, std::string const& before);

[[nodiscard]] std::string counts_to_json(tally const& counts);

}  // namespace vinny
