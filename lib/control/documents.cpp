// SPDX-License-Identifier: MIT
#include "control/documents.hpp"

#include <boost/json.hpp>

#include "catalog/runs.hpp"
#include "model/subsystem.hpp"
#include "observe/log.hpp"
#include "observe/log_line.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t max_errors = 1000;

json::value text_or_null(std::string const& text) {
  return text.empty() ? json::value{} : json::value(text);
}

json::value parsed(std::string const& text) {
  boost::system::error_code error;
  auto out = json::parse(text, error);
  return error ? json::value{json::object{}} : out;
}

json::object run_object(run_record const& run) {
  json::object out;
  out["id"] = run.id;
  out["pipeline"] = run.pipeline;
  out["state"] = name(run.state);
  out["params"] = parsed(run.params);
  out["created_at"] = run.created_at;
  out["started_at"] = text_or_null(run.started_at);
  out["finished_at"] = text_or_null(run.finished_at);
  out["counts"] = parsed(counts_to_json(run.counts));
  out["error"] = text_or_null(run.error);
  return out;
}

json::value last_run(database& db) {
  for (auto const& run : list_runs(db, 10)) {
    if (is_over(run.state)) return run_object(run);
  }
  return {};
}

}  // namespace

std::string run_document(run_record const& run) {
  return json::serialize(run_object(run));
}

std::string run_with_errors_document(database& db, run_record const& run) {
  json::object out;
  out["run"] = run_object(run);
  json::array errors;
  for (auto const& one : errors_of(db, run.id, max_errors)) {
    errors.push_back({{"step", one.step},
                      {"key", one.key},
                      {"url", one.url},
                      {"reason", one.reason},
                      {"message", one.message},
                      {"evidence", one.evidence},
                      {"attempts", one.attempts}});
  }
  out["errors"] = std::move(errors);
  return json::serialize(out);
}

std::string runs_document(database& db, std::size_t limit, std::size_t offset) {
  json::array runs;
  std::size_t index = 0;
  for (auto const& run : list_runs(db, limit + offset)) {
    if (index++ >= offset) runs.push_back(run_object(run));
  }
  json::object out;
  out["runs"] = std::move(runs);
  out["total"] = db.number("SELECT count(*) FROM runs");
  return json::serialize(out);
}

std::string status_document(database& db, config const& settings, status_facts const& facts) {
  json::object out;
  out["version"] = VINNY_VERSION;
  std::error_code ignored;
  out["data_dir"] = std::filesystem::weakly_canonical(settings.data_dir, ignored).string();
  out["config_file"] = text_or_null(settings.file.string());
  out["ready"] = facts.ready;
  auto const active = facts.active != nullptr ? *facts.active : active_runs(db);
  out["active_run"] = active.empty() ? json::value{} : json::value(run_object(active.front()));
  json::array all;
  for (auto const& run : active) all.push_back(run_object(run));
  out["active_runs"] = std::move(all);
  out["last_run"] = last_run(db);
  json::object totals;
  for (auto const* const system : systems()) {
    if (system->count != nullptr) system->count(db, totals);
  }
  out["totals"] = std::move(totals);
  return json::serialize(out);
}

namespace {
json::object host_object(std::string const& host, lane const& one) {
  auto const blocked = one.state.blocked(now());
  auto const& record = one.state.record();
  json::object out;
  out["host"] = host;
  out["delay_ms"] = one.state.delay().count();
  out["slowed_by"] = one.state.slowed_by();
  out["concurrency"] = one.state.concurrency();
  out["waiting"] = one.gate.waiting();
  out["failures_in_a_row"] = one.state.consecutive_failures();
  out["errors"] = record.errors;
  out["answers"] = record.answers;
  out["quarantined_at"] =
      record.quarantined_at ? json::value(to_rfc3339(*record.quarantined_at)) : json::value{};
  out["cooling_until"] = blocked ? json::value(to_rfc3339(blocked->until)) : json::value{};
  out["reason"] = blocked ? json::value(name(blocked->reason)) : json::value{};
  return out;
}
}  // namespace

std::string host_document(std::string const& host, lane const& one) {
  return json::serialize(host_object(host, one));
}

std::string hosts_document(lane_registry const& lanes) {
  json::array hosts;
  for (auto const& [host, one] : lanes.all()) hosts.push_back(host_object(host, *one));
  json::object out;
  out["hosts"] = std::move(hosts);
  return json::serialize(out);
}

std::string errors_document(std::size_t limit) {
  std::string out = "{\"errors\":[";
  bool first = true;
  for (auto const& record : recent_problems(limit)) {
    if (!first) out += ',';
    first = false;
    out += to_json_line(record);
    while (out.ends_with('\n')) out.pop_back();
  }
  return out + "]}";
}

}  // namespace vinny
