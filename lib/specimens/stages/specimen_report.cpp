// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_report.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

#include "catalog/notes.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr int rows_shown = 20;
constexpr std::size_t sample_shown = 200;

using state = specimen_state;
using status = specimen_status;

void read_failures(database& db, specimen_report& out) {
  db.query(
      "SELECT f.reason, i.state IN (2, 4), count(*) FROM specimen_failures f CROSS JOIN "
      "specimen_images "
      "i "
      "ON i.id = f.id WHERE i.state < 8 GROUP BY 1, 2 ORDER BY 3 DESC, 1",
      [&](SQLite::Statement& row) {
        out.failures.push_back({row.getColumn(0).getString(), row.getColumn(1).getInt() != 0,
                                row.getColumn(2).getInt64()});
      });
  db.query(
      "SELECT f.attempts, count(*), sum(i.state = 4) FROM specimen_failures f CROSS JOIN "
      "specimen_images "
      "i ON i.id = f.id WHERE i.state < 8 GROUP BY 1 ORDER BY 1",
      [&](SQLite::Statement& row) {
        out.attempts.push_back(
            {row.getColumn(0).getInt(), row.getColumn(1).getInt64(), row.getColumn(2).getInt64()});
      });
  db.query(
      "SELECT h.name, count(*), min(f.detail) FROM specimen_failures f CROSS JOIN specimen_images "
      "i ON "
      "i.id = f.id JOIN specimen_hosts h ON h.id = i.host WHERE f.reason = 'not_an_image' AND "
      "i.state < 8 GROUP BY h.id ORDER BY 2 DESC, 1 LIMIT ?",
      [&](SQLite::Statement& row) {
        out.pages.push_back({row.getColumn(0).getString(), row.getColumn(1).getInt64(),
                             row.getColumn(2).getString()});
      },
      rows_shown);
}

void read_hosts(database& db, specimen_report& out) {
  db.query(
      "SELECT name, failed_transient + failed_permanent + exhausted, success FROM specimen_hosts "
      "WHERE failed_transient + failed_permanent + exhausted > 0 ORDER BY 2 DESC, 1 LIMIT ?",
      [&](SQLite::Statement& row) {
        out.hosts.push_back({row.getColumn(0).getString(), row.getColumn(1).getInt64(),
                             row.getColumn(2).getInt64()});
      },
      rows_shown);
  db.query(
      "SELECT name, pending, failed_transient + failed_permanent + exhausted, success FROM "
      "specimen_hosts WHERE pending > 0 ORDER BY 2 DESC, 1 LIMIT ?",
      [&](SQLite::Statement& row) {
        out.queue.push_back({row.getColumn(0).getString(), row.getColumn(1).getInt64(),
                             row.getColumn(2).getInt64(), row.getColumn(3).getInt64()});
      },
      rows_shown);
  auto const at = to_rfc3339(out.at);
  db.query(
      "SELECT host, max(cooldown_until, breaker_until), breaker_until > ?1 FROM hosts WHERE "
      "cooldown_until > ?1 OR breaker_until > ?1 ORDER BY host",
      [&](SQLite::Statement& row) {
        out.resting.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(),
                               row.getColumn(2).getInt() != 0});
      },
      at);
}

void read_list(database& db, specimen_report& out) {
  boost::system::error_code error;
  auto const note = json::parse(read_note(db, "specimens.list").value_or(""), error);
  auto const* const list = error ? nullptr : note.if_object();
  if (list == nullptr) return;
  auto const number = [&](std::string_view key) {
    auto const* const value = list->if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
  };
  auto const words = [&](std::string_view key) {
    auto const* const value = list->if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()}
                                                  : std::string{};
  };
  out.retired = number("retired");
  out.rejected = number("rejected");
  // Its size and time of change follow the name.
  auto name = words("file");
  for (int i = 0; i < 2; ++i) name.resize(std::min(name.rfind(' '), name.size()));
  if (!name.empty()) out.list = fmt::format("{}, read {}", name, words("finished_at"));
}

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void title(std::string& out, std::string_view text) {
  out += fmt::format("\n{}\n{:-<{}}\n", text, "", text.size());
}

void line(std::string& out, std::string_view what, std::int64_t count, std::int64_t all) {
  out += fmt::format("  {:<18} {:>12}  {:5.1f} %\n", what, count, percent(count, all));
}

std::int64_t transient(specimen_totals const& totals) {
  return totals.of(state::failed_transient) + totals.of(state::exhausted);
}

}  // namespace

specimen_report report_specimens(database& db, std::filesystem::path const& catalog, instant at) {
  specimen_report out;
  out.catalog = catalog;
  out.at = at;
  out.totals = read_specimen_totals(db);
  read_failures(db, out);
  read_hosts(db, out);
  read_list(db, out);
  return out;
}

std::string to_json(specimen_report const& report) {
  auto const& totals = report.totals;
  json::object out;
  out["gbif_ids"] = {{"total", totals.all_specimens()},
                     {"done", totals.of(status::done)},
                     {"partial", totals.of(status::partial)},
                     {"pending", totals.of(status::pending)},
                     {"failed", totals.of(status::failed)}};
  out["images"] = {{"total", totals.all_images()},
                   {"success", totals.of(state::success)},
                   {"pending", totals.of(state::pending)},
                   {"failed_transient", transient(totals)},
                   {"failed_permanent", totals.of(state::failed_permanent)},
                   {"raw_unprocessed", totals.raw_unprocessed},
                   {"exhausted", totals.of(state::exhausted)}};
  json::array failures;
  for (auto const& one : report.failures) {
    failures.push_back(
        {{"type", one.reason}, {"retryable", one.retryable}, {"images", one.images}});
  }
  json::array attempts;
  for (auto const& one : report.attempts) {
    attempts.push_back(
        {{"attempts", one.attempts}, {"images", one.images}, {"exhausted", one.exhausted}});
  }
  json::array pages;
  for (auto const& one : report.pages) {
    pages.push_back({{"host", one.host},
                     {"images", one.images},
                     {"sample", valid_utf8(clip(one.sample, sample_shown))}});
  }
  json::array hosts;
  for (auto const& one : report.hosts) {
    hosts.push_back({{"host", one.host}, {"failed", one.failed}, {"success", one.success}});
  }
  json::array queue;
  for (auto const& one : report.queue) {
    queue.push_back({{"host", one.host},
                     {"pending", one.pending},
                     {"failed", one.failed},
                     {"success", one.success}});
  }
  json::array resting;
  for (auto const& one : report.resting) {
    resting.push_back({{"host", one.host}, {"until", one.until}, {"breaker", one.breaker}});
  }
  out["failures"] = std::move(failures);
  out["attempts"] = std::move(attempts);
  out["non_images"] = std::move(pages);
  out["hosts"] = std::move(hosts);
  out["queue"] = std::move(queue);
  out["resting"] = std::move(resting);
  out["list"] = {{"name", report.list}, {"rejected", report.rejected}, {"retired", report.retired}};
  out["database"] = report.catalog.string();
  out["at"] = to_rfc3339(report.at);
  return json::serialize(out);
}

std::string to_text(specimen_report const& report) {
  auto const& totals = report.totals;
  auto out =
      fmt::format("Run date   {}\nDatabase   {}\n", to_rfc3339(report.at), report.catalog.string());
  title(out, "GBIFID PROGRESS");
  auto const specimens = totals.all_specimens();
  out += fmt::format("  {:<18} {:>12}\n", "total", specimens);
  for (auto const one : {status::done, status::partial, status::pending, status::failed}) {
    line(out, name(one), totals.of(one), specimens);
  }
  line(out, "still in queue", totals.of(status::partial) + totals.of(status::pending), specimens);

  title(out, "DISTINCT-IMAGE PROGRESS");
  auto const images = totals.all_images();
  out += fmt::format("  {:<18} {:>12}\n", "total", images);
  line(out, "success", totals.of(state::success), images);
  line(out, "pending", totals.of(state::pending), images);
  line(out, "failed_transient", transient(totals), images);
  line(out, "failed_permanent", totals.of(state::failed_permanent), images);
  line(out, "raw kept", totals.raw_unprocessed, images);

  title(out, "FAILURES BY TYPE");
  for (auto const& one : report.failures) {
    out += fmt::format("  {:<24} {:>12}  {}\n", one.reason, one.images,
                       one.retryable ? "retryable" : "permanent");
  }
  if (report.failures.empty()) out += "  none\n";

  title(out, "RETRY ATTEMPTS");
  for (auto const& one : report.attempts) {
    out += fmt::format(
        "  {:>3} {:>12}{}\n", one.attempts, one.images,
        one.exhausted > 0 ? fmt::format("  <- retry budget exhausted: {}", one.exhausted) : "");
  }
  if (report.attempts.empty()) out += "  none\n";

  title(out, "NON-IMAGE RESPONSES BY HOST");
  for (auto const& one : report.pages) {
    out += fmt::format("  {:<40} {:>10}  {}\n", printable(one.host), one.images,
                       printable(valid_utf8(clip(one.sample, sample_shown))));
  }
  if (report.pages.empty()) out += "  none\n";

  title(out, "TOP 20 HOSTS BY FAILED IMAGES");
  for (auto const& one : report.hosts) {
    out += fmt::format("  {:<40} {:>10} failed {:>10} success\n", printable(one.host), one.failed,
                       one.success);
  }
  if (report.hosts.empty()) out += "  none\n";

  title(out, "CIRCUIT BREAKER / COOLDOWNS");
  for (auto const& one : report.resting) {
    out += fmt::format("  {:<40} {} until {}\n", printable(one.host),
                       one.breaker ? "breaker open" : "cooling down", one.until);
  }
  if (report.resting.empty()) out += "  none\n";

  title(out, "NOTES");
  out += fmt::format("  list       {}\n", report.list.empty() ? "none was read" : report.list);
  out += fmt::format("  rejected   {} of its lines name no image\n", report.rejected);
  out += fmt::format("  retired    {} images are on no list any more; their files stay\n",
                     report.retired);
  out += fmt::format("  legacy     {} files were there before the catalog, unverified\n",
                     totals.legacy_unverified);
  return out;
}

}  // namespace vinny
