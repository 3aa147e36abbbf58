// SPDX-License-Identifier: MIT
#include "command/reports.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "catalog/catalog.hpp"
#include "catalog/runs.hpp"
#include "command/command_line.hpp"
#include "control/documents.hpp"
#include "core/text.hpp"
#include "model/subsystem.hpp"
#include "run/health/explain.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t runs_shown = 20;

void tell_totals(config const& settings, database& db) {
  json::object totals;
  for (auto const* const system : systems()) {
    if (system->count != nullptr) system->count(db, totals);
  }
  auto const n = [&](std::string_view key) {
    auto const* const value = totals.if_contains(key);
    return value != nullptr ? value->as_int64() : 0;
  };
  fmt::print("data     {}\nevents   {}\nartists  {}\nimages   {} files, {} in the store\n",
             settings.data_dir.string(), n("events"), n("artists"), n("images"), n("objects"));
}

int status_of(config const& settings, database& db, output_options const& how) {
  auto const document = status_document(db, settings, {});
  if (how.json) {
    fmt::print("{}\n", document);
    return exit_code::done;
  }
  tell_totals(settings, db);
  // A row of a process that was killed says "running" until the next one tidies up.
  auto const active =
      catalog_lock::is_held(settings.data_dir) ? active_runs(db) : std::vector<run_record>{};
  for (auto const& run : active) fmt::print("active   run {} since {}\n", run.id, run.started_at);
  if (active.empty()) {
    if (auto const last = list_runs(db, 1); !last.empty()) {
      fmt::print("last     run {} {} at {}\n", last[0].id, name(last[0].state),
                 last[0].finished_at);
    }
  }
  return exit_code::done;
}

int runs_of(database& db, output_options const& how) {
  if (how.json) {
    fmt::print("{}\n", runs_document(db, 1000, 0));
    return exit_code::done;
  }
  for (auto const& run : list_runs(db, runs_shown)) {
    fmt::print("{}  {:<9} {:<8} {}  {}\n", run.id, name(run.state), run.pipeline,
               run.created_at.substr(0, 19), run_line(run.pipeline, run.counts));
  }
  return exit_code::done;
}

int run_of(database& db, std::string const& id, output_options const& how) {
  auto const latest = id == "latest" ? list_runs(db, 1) : std::vector<run_record>{};
  auto const run = latest.empty() ? find_run(db, id) : std::optional{latest.front()};
  if (!run) {
    return complain_and(
        exit_code::failed,
        {errc::not_found, fmt::format("there is no run '{}'; `vinny runs` lists them", id)});
  }
  if (how.json) {
    fmt::print("{}\n", run_with_errors_document(db, *run));
    return exit_code::done;
  }
  [[maybe_unused]] auto const outcome =
      report_run(run_with_errors_document(db, *run), how, errors_to_show::all);
  return exit_code::done;
}

int explanation_of(database& db, std::string const& subject, output_options const& how) {
  auto const found = explain(db, subject);
  if (how.json) {
    json::array all;
    for (auto const& one : found) {
      json::object facts;
      for (auto const& [key, value] : one.facts) facts[key] = value;
      all.push_back({{"kind", one.kind}, {"facts", std::move(facts)}});
    }
    fmt::print("{}\n", json::serialize(json::object{{"subject", subject}, {"found", all}}));
  }
  for (auto const& one : found) {
    if (how.json) break;
    fmt::print("{}\n", one.kind);
    for (auto const& [key, value] : one.facts) fmt::print("  {:<22} {}\n", key, printable(value));
  }
  if (!found.empty()) return exit_code::done;
  complain(fmt::format(
      "nothing is known of '{}': no page, image, file, event or artist goes by that name",
      subject));
  return exit_code::failed;
}

}  // namespace

int report_from_catalog(config const& settings, std::function<int(database&)> const& report) {
  auto reader = catalog::open_read_only(settings.data_dir);
  if (!reader) return complain_and(exit_code::failed, reader.error());
  try {
    return report(**reader);
  } catch (SQLite::Exception const& error) {
    return complain_and(exit_code::failed, from_sqlite(error, settings.data_dir / "vinny.db"));
  }
}

int show_status(config const& settings, output_options const& how) {
  return report_from_catalog(settings, [&](database& db) { return status_of(settings, db, how); });
}

int show_runs(config const& settings, output_options const& how) {
  return report_from_catalog(settings, [&](database& db) { return runs_of(db, how); });
}

int show_run(config const& settings, std::string const& id, output_options const& how) {
  return report_from_catalog(settings, [&](database& db) { return run_of(db, id, how); });
}

int show_explanation(config const& settings, std::string const& subject,
                     output_options const& how) {
  return report_from_catalog(settings,
                             [&](database& db) { return explanation_of(db, subject, how); });
}

}  // namespace vinny
