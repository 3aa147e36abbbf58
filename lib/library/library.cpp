// SPDX-License-Identifier: MIT
#include "library/library.hpp"

#include <fmt/format.h>

#include <array>

#include "config/load.hpp"
#include "library/commands/library_verbs.hpp"
#include "library/model/library_counts.hpp"
#include "library/model/library_settings.hpp"
#include "library/postgres/pg_connection.hpp"
#include "library/postgres/postgres_library.hpp"
#include "library/routes/library_service.hpp"
#include "library/stages/library_gear.hpp"
#include "library/stages/library_job.hpp"
#include "library/tables/catalog_library.hpp"
#include "library/tables/library_schema.hpp"
#include "library/tables/lookups.hpp"
#include "run/world.hpp"

namespace vinny {
namespace {

/// How many rows are left; `unknown` when nobody could count them.
std::string remaining_of(tally const& n, std::string_view unknown) {
  auto const left = n["remaining"];
  return left == not_counted ? std::string{unknown} : std::to_string(left);
}

std::string line_of_import(tally const& n) {
  return fmt::format("{} rows, {} artists", n["library_rows"], n["library_artists"]);
}
std::string report_of_import(tally const& n) {
  return fmt::format("  library  {} rows and {} artists read, {} lines rejected\n",
                     n["library_rows"], n["library_artists"], n["library_rejected"]);
}

std::string line_of_backfill(tally const& n) {
  return fmt::format("{} rows asked for, {} found, {} without", n["scanned"], n["enriched_match"],
                     n["enriched_no_match"]);
}
std::string report_of_backfill(tally const& n) {
  return fmt::format(
      "  artwork  {} rows asked for: {} found, {} raced, {} without, {} failed\n"
      "  left     {}\n",
      n["scanned"], n["enriched_match"], n["enriched_match_raced"], n["enriched_no_match"],
      n["lml_error"], remaining_of(n, "not counted"));
}
/// `vinny library backfill --json`.
std::string json_of_backfill(tally const& n, std::string_view, double) {
  return fmt::format(
      R"({{"scanned":{},"enriched_match":{},"enriched_match_raced":{},"enriched_no_match":{},)"
      R"("lml_error":{},"remaining":{}}})",
      n["scanned"], n["enriched_match"], n["enriched_match_raced"], n["enriched_no_match"],
      n["lml_error"], remaining_of(n, "null"));
}

std::string line_of_names(tally const& n) {
  return fmt::format("{} rows named", n["library_named"]);
}
std::string report_of_names(tally const& n) {
  return fmt::format("  names    {} rows took their artist's, {} have none\n", n["library_named"],
                     remaining_of(n, "it is not known how many"));
}

constexpr std::array<step_words, 1> steps{{{step::library, "rows", "done", true}}};

constexpr std::array<std::string_view, 1> import_members{"files"};
constexpr std::array<std::string_view, 5> backfill_members{"batch_size", "throttle_ms", "partition",
                                                           "recheck", "accept_fallback"};
constexpr std::array<std::string_view, 1> names_members{"batch_size"};
constexpr std::array<job_kind, 3> kinds{{{.pipeline = "library-import",
                                          .parse = parse_import,
                                          .members = import_members,
                                          .line = line_of_import,
                                          .report = report_of_import},
                                         {.pipeline = "library-backfill",
                                          .parse = parse_backfill,
                                          .members = backfill_members,
                                          .line = line_of_backfill,
                                          .report = report_of_backfill,
                                          .json_line = json_of_backfill},
                                         {.pipeline = "library-artist-names",
                                          .parse = parse_artist_names,
                                          .members = names_members,
                                          .line = line_of_names,
                                          .report = report_of_names}}};

std::unique_ptr<library> make_rows(world& with) {
  auto const& settings = *with.settings;
  if (settings.of<library_config>().database.empty())
    return std::make_unique<catalog_library>(with.facts);
  return std::make_unique<postgres_library>(
      settings.of<library_config>(), settings.politeness.retries + 1, with.names, &with.facts);
}

std::shared_ptr<void> connect(world& with) {
  return std::make_shared<library_gear>(
      make_rows(with), lookup_service::make(*with.settings, with.service_pool, with.service_dial));
}

/// What is known of rows of another library is not believed of this one.
void take_over(world& with) {
  with.facts.note(
      [name = with.gear<library_gear>().rows->name()](database& db) { take_library(db, name); });
}

std::optional<config_problem> check(config const& settings) {
  auto const address = pg_address::parse(settings.of<library_config>().database.reveal());
  if (address) return std::nullopt;
  return config_problem{settings.file.string(), 0, "library.database", address.error().message};
}

}  // namespace

constinit subsystem const library_system{.name = "library",
                                         .tables = library_tables,
                                         .steps = steps,
                                         .counters = make_counters<library_counts>,
                                         .jobs = kinds,
                                         .configure = configure_library,
                                         .connect = connect,
                                         .take_over = take_over,
                                         .serve = serve_library,
                                         .command = add_library_verbs,
                                         .check = check};

}  // namespace vinny
