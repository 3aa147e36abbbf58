// SPDX-License-Identifier: MIT
#include "control/documents.hpp"

#include <boost/json.hpp>

#include "catalog/runs.hpp"
#include "events/publish/rows.hpp"
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
  auto const stored = facts.active == nullptr ? active_run(db) : std::nullopt;
  auto const* const active = facts.active != nullptr ? facts.active : stored ? &*stored : nullptr;
  out["active_run"] = active != nullptr ? json::value(run_object(*active)) : json::value{};
  out["last_run"] = last_run(db);
  auto const sums = totals(db);
  out["totals"] = {{"events", sums.events},
                   {"artists", sums.artists},
                   {"images", sums.images},
                   {"objects", sums.objects}};
  return json::serialize(out);
}

std::string images_document(database& db, config const& settings, std::size_t limit,
                            std::size_t offset) {
  json::array images;
  db.query(
      "SELECT r.venue_tag, r.artist_slug, r.size, r.width, r.height, r.bytes, r.stored, "
      "coalesce(a.name, r.artist_slug), r.sha256, r.versioned FROM renditions r LEFT JOIN artists "
      "a ON a.slug = "
      "r.artist_slug WHERE r.state = 'done' ORDER BY r.artist_slug, r.venue_tag, r.size LIMIT ? "
      "OFFSET ?",
      [&](SQLite::Statement& row) {
        rendition_id const id{row.getColumn(0).getString(), row.getColumn(1).getString(),
                              row.getColumn(2).getString()};
        bool const stored = row.getColumn(6).getInt() != 0;
        rendition_row const named{.id = id,
                                  .url = {},
                                  .sha256 = row.getColumn(8).getString(),
                                  .source_mime = {},
                                  .versioned = row.getColumn(9).getInt() != 0};
        images.push_back(
            {{"key", id.key()},
             {"artist", row.getColumn(7).getString()},
             {"artist_slug", id.artist_slug},
             {"venue_tag", id.venue_tag},
             {"size", id.size},
             {"width", row.getColumn(3).getInt64()},
             {"height", row.getColumn(4).getInt64()},
             {"bytes", row.getColumn(5).getInt64()},
             {"url", stored ? json::value(public_address(settings.store.public_url, named))
                            : json::value{}}});
      },
      limit, offset);
  json::object out;
  out["images"] = std::move(images);
  out["total"] = db.number("SELECT count(*) FROM renditions WHERE state = 'done'");
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
