// SPDX-License-Identifier: MIT
#include "captures/captures.hpp"

#include <fmt/format.h>

#include <array>

#include "blob/store_name.hpp"
#include "captures/commands/capture_verbs.hpp"
#include "captures/model/capture_counts.hpp"
#include "captures/model/capture_settings.hpp"
#include "captures/routes/capture_service.hpp"
#include "captures/stages/capture_gear.hpp"
#include "captures/stages/capture_ledger.hpp"
#include "captures/stages/sync_captures_job.hpp"
#include "captures/tables/capture_schema.hpp"
#include "captures/tables/thumbnails.hpp"
#include "run/world.hpp"

namespace vinny {
namespace {

std::string line_of_sync(tally const& n) {
  return fmt::format("{} captures, {} added, {} changed, {} removed", n["captures_found"],
                     n["captures_added"], n["captures_changed"], n["captures_removed"]);
}

std::string report_of_sync(tally const& n) {
  auto out =
      fmt::format("  captures {} found, {} added, {} changed, {} removed\n", n["captures_found"],
                  n["captures_added"], n["captures_changed"], n["captures_removed"]);
  if (n["captures_passed_over"] > 0) {
    out += fmt::format("  others   {} files are no JPEG or PNG by their names\n",
                       n["captures_passed_over"]);
  }
  return out;
}

constexpr std::array<step_words, 1> steps{{{.step = step::captures, .label = {}, .verb = {}}}};
constexpr std::array<std::string_view, 2> members{"collections", "full"};
constexpr std::array<job_kind, 1> kinds{{{.pipeline = "captures-sync",
                                          .parse = parse_sync_captures,
                                          .members = members,
                                          .line = line_of_sync,
                                          .report = report_of_sync}}};

constexpr capture_ledger thumbnails_in_the_store{};

std::shared_ptr<void> connect(world& with) {
  return std::make_shared<capture_gear>(*with.settings, with.service_dial);
}

/// What is known of thumbnails in another store is not believed of this one.
void take_over(world& with) {
  with.facts.note(
      [store = store_name(*with.settings)](database& db) { take_thumbnail_store(db, store); });
}

result<> stand_beside(config const& settings) {
  auto const reader = catalog::open_read_only(settings.data_dir);
  if (!reader) return std::unexpected(reader.error());
  auto const theirs = thumbnail_store(**reader);
  if (theirs == store_name(settings)) return {};
  return fail(errc::config_invalid,
              fmt::format("[store] is another one than that of the daemon that holds the catalog "
                          "({}); thumbnails are in one store",
                          theirs.empty() ? "it has none yet" : theirs));
}

}  // namespace

constinit subsystem const captures_system{.name = "captures",
                                          .tables = capture_tables,
                                          .steps = steps,
                                          .counters = make_counters<capture_counts>,
                                          .jobs = kinds,
                                          .ledger = &thumbnails_in_the_store,
                                          .configure = configure_captures,
                                          .connect = connect,
                                          .take_over = take_over,
                                          .stand_beside = stand_beside,
                                          .serve = serve_captures,
                                          .command = add_capture_verbs};

}  // namespace vinny
