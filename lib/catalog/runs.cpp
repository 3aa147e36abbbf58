// SPDX-License-Identifier: MIT
#include "catalog/runs.hpp"

#include <boost/json.hpp>

namespace vinny {
namespace {

namespace json = boost::json;

#define VINNY_RUN_COLUMNS \
  "id, pipeline, params, state, created_at, started_at, finished_at, counts, error"

tally counts_from_json(std::string const& text) {
  tally out;
  boost::system::error_code error;
  auto const parsed = json::parse(text, error);
  if (error || !parsed.is_object()) return out;
  for (auto const& [name, value] : parsed.get_object()) {
    if (value.is_int64()) out.set(name, value.get_int64());
  }
  return out;
}

run_record run_of(SQLite::Statement& row) {
  return {.id = row.getColumn(0).getString(),
          .pipeline = row.getColumn(1).getString(),
          .params = row.getColumn(2).getString(),
          .state = run_state_from_name(row.getColumn(3).getString()),
          .created_at = row.getColumn(4).getString(),
          .started_at = row.getColumn(5).getString(),
          .finished_at = row.getColumn(6).getString(),
          .counts = counts_from_json(row.getColumn(7).getString()),
          .error = row.getColumn(8).getString()};
}

run_error error_of(SQLite::Statement& row) {
  return {.step = row.getColumn(0).getString(),
          .key = row.getColumn(1).getString(),
          .url = row.getColumn(2).getString(),
          .reason = row.getColumn(3).getString(),
          .message = row.getColumn(4).getString(),
          .evidence = row.getColumn(5).getString(),
          .attempts = row.getColumn(6).getInt()};
}

}  // namespace

std::string counts_to_json(tally const& counts) {
  json::object out;
  for (auto const& one : all_counters()) out[one.name] = counts[one.name];
  return json::serialize(out);
}

void add_run(database& db, run_record const& run) {
  db.execute(
      "INSERT INTO runs (id, pipeline, params, state, created_at, counts) VALUES (?, ?, ?, ?, ?, "
      "?)",
      run.id, run.pipeline, run.params, name(run.state), run.created_at,
      counts_to_json(run.counts));
}

void update_run(database& db, run_record const& run) {
  db.execute(
      "UPDATE runs SET state = ?, started_at = ?, finished_at = ?, counts = ?, error = ? WHERE id "
      "= ?",
      name(run.state), run.started_at, run.finished_at, counts_to_json(run.counts), run.error,
      run.id);
}

void add_run_error(database& db, std::string const& run_id, run_error const& error,
                   std::string const& at) {
  db.execute(
      "INSERT INTO errors (run_id, step, key, url, reason, message, evidence, attempts, at) VALUES "
      "(?, ?, ?, ?, ?, ?, ?, ?, ?)",
      run_id, error.step, error.key, error.url, error.reason, error.message, error.evidence,
      error.attempts, at);
}

std::optional<run_record> find_run(database& db, std::string const& id) {
  std::optional<run_record> out;
  db.query(
      "SELECT " VINNY_RUN_COLUMNS " FROM runs WHERE id = ?",
      [&](SQLite::Statement& row) { out = run_of(row); }, id);
  return out;
}

std::vector<run_record> list_runs(database& db, std::size_t limit) {
  std::vector<run_record> out;
  db.query(
      "SELECT " VINNY_RUN_COLUMNS " FROM runs ORDER BY id DESC LIMIT ?",
      [&](SQLite::Statement& row) { out.push_back(run_of(row)); }, limit);
  return out;
}

std::vector<run_record> active_runs(database& db) {
  std::vector<run_record> out;
  db.query("SELECT " VINNY_RUN_COLUMNS
           " FROM runs WHERE state IN ('queued', 'running') ORDER BY id",
           [&](SQLite::Statement& row) { out.push_back(run_of(row)); });
  return out;
}

std::vector<run_error> errors_of(database& db, std::string const& run_id, std::size_t limit) {
  std::vector<run_error> out;
  db.query(
      "SELECT step, key, url, reason, message, evidence, attempts FROM errors WHERE run_id = ? "
      "ORDER BY id LIMIT ?",
      [&](SQLite::Statement& row) { out.push_back(error_of(row)); }, run_id, limit);
  return out;
}

std::vector<run_error> recent_errors(database& db, std::size_t limit) {
  std::vector<run_error> out;
  db.query(
      "SELECT step, key, url, reason, message, evidence, attempts FROM errors ORDER BY id DESC "
      "LIMIT ?",
      [&](SQLite::Statement& row) { out.push_back(error_of(row)); }, limit);
  return out;
}

int close_cut_off_runs(database& db, std::string const& at) {
  return db.execute(
      "UPDATE runs SET state = 'failed', finished_at = ?, error = 'the program ended in the middle "
      "of it; the next run goes on from there' WHERE state IN ('queued', 'running')",
      at);
}

void forget_runs(database& db, std::string const& before) {
  db.execute("DELETE FROM errors WHERE at < ?", before);
  db.execute("DELETE FROM runs WHERE created_at < ? AND state NOT IN ('queued', 'running')",
             before);
}

}  // namespace vinny
