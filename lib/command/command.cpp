// SPDX-License-Identifier: MIT
#include "command/command.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "captures/commands/captures.hpp"
#include "catalog/catalog.hpp"
#include "catalog/runs.hpp"
#include "command/daemon_client.hpp"
#include "command/doctor.hpp"
#include "command/hosts.hpp"
#include "command/logs.hpp"
#include "command/retry.hpp"
#include "command/runs.hpp"
#include "config/load.hpp"
#include "config/show.hpp"
#include "control/documents.hpp"
#include "core/text.hpp"
#include "events/commands/plan.hpp"
#include "library/commands/library.hpp"
#include "library/postgres/pg_connection.hpp"
#include "model/run_line.hpp"
#include "run/health/explain.hpp"
#include "run/run.hpp"
#include "specimens/commands/specimens.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t runs_shown = 20;

int refuse_config(std::vector<config_problem> const& problems, bool as_json) {
  if (as_json) {
    json::array list;
    for (auto const& one : problems) {
      list.push_back(
          {{"file", one.file}, {"line", one.line}, {"key", one.key}, {"message", one.message}});
    }
    fmt::print("{}\n", json::serialize(json::object{{"valid", false}, {"problems", list}}));
  }
  for (auto const& one : problems) complain(to_string(one));
  return exit_code::config;
}

int complain_and(int code, failure const& why) {
  complain(why.message);
  return code;
}

int show_run_plan(config const& settings, arguments const& what) {
  auto reader = catalog::open_read_only(settings.data_dir);
  if (!reader && reader.error().code != errc::not_found) {
    return complain_and(exit_code::failed, reader.error());
  }
  auto const plan = plan_run(settings, what.request, reader ? reader->get() : nullptr);
  if (!plan) return complain_and(exit_code::usage, plan.error());
  fmt::print("{}", what.output.json ? to_json(*plan) + '\n' : to_text(*plan, what.request));
  return exit_code::done;
}

int show_status(config const& settings, database& db, output_options const& how) {
  auto const document = status_document(db, settings, {});
  if (how.json) {
    fmt::print("{}\n", document);
    return exit_code::done;
  }
  auto const sums = totals(db);
  fmt::print("data     {}\nevents   {}\nartists  {}\nimages   {} files, {} in the store\n",
             settings.data_dir.string(), sums.events, sums.artists, sums.images, sums.objects);
  // A row of a process that was killed says "running" until the next one tidies up.
  auto const active = catalog_lock::is_held(settings.data_dir) ? active_run(db) : std::nullopt;
  if (active) {
    fmt::print("active   run {} since {}\n", active->id, active->started_at);
  } else if (auto const last = list_runs(db, 1); !last.empty()) {
    fmt::print("last     run {} {} at {}\n", last[0].id, name(last[0].state), last[0].finished_at);
  }
  return exit_code::done;
}

int show_runs(database& db, arguments const& what) {
  if (what.subject.empty()) {
    if (what.output.json) {
      fmt::print("{}\n", runs_document(db, 1000, 0));
      return exit_code::done;
    }
    for (auto const& run : list_runs(db, runs_shown)) {
      fmt::print("{}  {:<9} {:<8} {}  {}\n", run.id, name(run.state), run.pipeline,
                 run.created_at.substr(0, 19), run_line(run.pipeline, run.counts));
    }
    return exit_code::done;
  }
  auto const latest = what.subject == "latest" ? list_runs(db, 1) : std::vector<run_record>{};
  auto const run = latest.empty() ? find_run(db, what.subject) : std::optional{latest.front()};
  if (!run) {
    return complain_and(
        exit_code::failed,
        {errc::not_found,
         fmt::format("there is no run '{}'; `vinny runs` lists them", what.subject)});
  }
  if (what.output.json) {
    fmt::print("{}\n", run_with_errors_document(db, *run));
    return exit_code::done;
  }
  [[maybe_unused]] auto const outcome =
      report_run(run_with_errors_document(db, *run), what.output, errors_to_show::all);
  return exit_code::done;
}

int show_explanation(database& db, arguments const& what) {
  auto const found = explain(db, what.subject);
  if (what.output.json) {
    json::array all;
    for (auto const& one : found) {
      json::object facts;
      for (auto const& [key, value] : one.facts) facts[key] = value;
      all.push_back({{"kind", one.kind}, {"facts", std::move(facts)}});
    }
    fmt::print("{}\n", json::serialize(json::object{{"subject", what.subject}, {"found", all}}));
  }
  for (auto const& one : found) {
    if (what.output.json) break;
    fmt::print("{}\n", one.kind);
    for (auto const& [key, value] : one.facts) fmt::print("  {:<22} {}\n", key, printable(value));
  }
  if (!found.empty()) return exit_code::done;
  complain(fmt::format(
      "nothing is known of '{}': no page, image, file, event or artist goes by that name",
      what.subject));
  return exit_code::failed;
}

int report(config const& settings, arguments const& what) {
  auto reader = catalog::open_read_only(settings.data_dir);
  if (!reader) return complain_and(exit_code::failed, reader.error());
  try {
    if (what.what == verb::status) return show_status(settings, **reader, what.output);
    if (what.what == verb::specimens_status) return show_specimens(settings, **reader, what);
    if (what.what == verb::specimens_check) return check_specimens(settings, **reader, what);
    return what.what == verb::runs ? show_runs(**reader, what) : show_explanation(**reader, what);
  } catch (SQLite::Exception const& error) {
    return complain_and(exit_code::failed, from_sqlite(error, settings.data_dir / "vinny.db"));
  }
}

/// What `specimens ingest` needs besides its flags.
result<> check_list(run_request const& request) {
  if (request.legacy_only && request.install_path.empty()) {
    return fail(errc::not_found, "--legacy-only needs --install-path: where are the older files?");
  }
  if (!request.ingest || request.finalize_only || request.legacy_only) return {};
  if (request.list.empty()) {
    return fail(errc::not_found, "which list? Give multimedia.txt, or the archive that holds it");
  }
  std::error_code ignored;
  if (std::filesystem::exists(request.list, ignored)) return {};
  return fail(errc::not_found, fmt::format("{}: there is no such file", request.list));
}

/// What `library import` is to read must be there.
result<> check_files(run_request const& request) {
  for (auto const& file : request.library.files) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) continue;
    return fail(errc::not_found, fmt::format("{}: there is no such file", file));
  }
  return {};
}

/// `captures sync` knows only collections that have a source.
result<> check_collections(config const& settings, run_request const& request) {
  std::vector<std::string> known;
  for (auto const& [name, one] : settings.collections) {
    if (!one.source.empty()) known.push_back(name);
  }
  for (auto const& name : request.collections) {
    if (std::ranges::find(known, name) != known.end()) continue;
    return fail(
        errc::not_found,
        fmt::format("there is no collection '{}' with a source; those "
                    "that have one: {}",
                    name, known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
  }
  return {};
}

}  // namespace

int run_command(arguments const& what) {
  auto loaded = load_config({.file = what.config_file, .data_dir = what.data_dir});
  if (!loaded)
    return refuse_config(loaded.error(), what.what == verb::config_check && what.output.json);
  auto const settings = std::make_shared<config const>(std::move(*loaded));
  switch (what.what) {
    case verb::config_check:
      if (auto const address = pg_address::parse(settings->library.database.reveal()); !address) {
        return refuse_config(
            {{settings->file.string(), 0, "library.database", address.error().message}},
            what.output.json);
      }
      if (what.output.json) {
        fmt::print("{{\"valid\":true,\"problems\":[]}}\n");
      } else if (!what.output.quiet) {
        fmt::print("{}: good, {} venues\n",
                   settings->file.empty() ? "no file, defaults" : settings->file.string(),
                   settings->venues.size());
      }
      return exit_code::done;
    case verb::config_show:
      if (what.output.json) {
        fmt::print("{}\n", json::serialize(json::object{{"toml", show_config(*settings)}}));
      } else {
        fmt::print("{}", show_config(*settings));
      }
      return exit_code::done;
    case verb::doctor:
      return run_doctor(*settings, what.output);
    case verb::library_index:
      return show_library_index(*settings);
    case verb::library_search:
      return search_library_here(*settings, what);
    case verb::captures_add:
    case verb::captures_list:
      return run_captures(settings, what);
    case verb::retry:
      return run_retry(*settings, what);
    case verb::hosts_list:
    case verb::hosts_change:
      return run_hosts(*settings, what);
    case verb::logs:
      return show_logs(*settings, what);
    case verb::run:
      break;
    case verb::status:
    case verb::runs:
    case verb::explain:
    case verb::specimens_status:
    case verb::specimens_check:
      return report(*settings, what);
  }
  // A slip of the pen is answered before anything is opened or made.
  if (auto const fits = check_list(what.request); !fits) {
    return complain_and(exit_code::usage, fits.error());
  }
  if (auto const venues = select_venues(*settings, what.request.venues); !venues) {
    return complain_and(exit_code::usage, venues.error());
  }
  if (auto const there = check_files(what.request); !there) {
    return complain_and(exit_code::usage, there.error());
  }
  if (auto const known = check_collections(*settings, what.request); !known) {
    return complain_and(exit_code::usage, known.error());
  }
  if (what.dry_run) return show_run_plan(*settings, what);
  if (!what.no_daemon) {
    auto const found = find_daemon(*settings);
    if (found.daemon) return run_by_daemon(*found.daemon, what);
    return run_here(settings, what, found);
  }
  return run_here(settings, what);
}

}  // namespace vinny
