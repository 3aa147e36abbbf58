// SPDX-License-Identifier: MIT
#include "events/events.hpp"

#include <fmt/format.h>
#include <boost/json/object.hpp>

#include <array>

#include "events/commands/d1_health.hpp"
#include "events/commands/event_explanation.hpp"
#include "events/commands/event_verbs.hpp"
#include "events/model/d1_settings.hpp"
#include "events/model/event_counts.hpp"
#include "events/routes/event_service.hpp"
#include "events/stages/event_gear.hpp"
#include "events/stages/sync_job.hpp"
#include "events/store/event_ledger.hpp"
#include "events/tables/event_schema.hpp"
#include "run/world.hpp"

namespace vinny {
namespace {

std::string line_of_sync(tally const& n) {
  return fmt::format("{}/{} pages, {} events, {} images, {} objects, {} rows", n["pages_read"],
                     n["pages_found"], n["events"], n["images_fetched"], n["objects_put"],
                     n["rows_written"]);
}

std::string report_of_sync(tally const& n) {
  auto out = fmt::format(
      "  pages    {} found, {} read, {} unchanged, {} past, {} denied by robots.txt, {} failed\n"
      "  events   {} read, {} elsewhere\n"
      "  images   {} fetched, {} files made, {} failed\n",
      n["pages_found"], n["pages_read"], n["pages_unchanged"], n["pages_past"], n["pages_denied"],
      n["pages_failed"], n["events"], n["events_elsewhere"], n["images_fetched"], n["renditions"],
      n["images_failed"]);
  if (n["images_refused"] > 0) {
    out += fmt::format(
        "  missing  {} files: their images were refused, and are asked for again another day "
        "(now: vinny images retry)\n",
        n["images_refused"]);
  }
  out += fmt::format("  objects  {} stored", n["objects_put"]);
  if (n["objects_lost"] + n["objects_changed"] > 0) {
    out += fmt::format(", {} had been lost, {} had become something else", n["objects_lost"],
                       n["objects_changed"]);
  }
  out += fmt::format("\n  rows     {} written, {} removed, {} unchanged\n", n["rows_written"],
                     n["rows_removed"], n["rows_unchanged"]);
  return out + deferred_line(n);
}

constexpr std::array<step_words, 4> steps{{{step::scrape, "pages", "read"},
                                           {step::images, "images", "fetched"},
                                           upload_words,
                                           {step::publish, "rows", "written"}}};

constexpr std::array<std::string_view, 9> members{
    "steps", "venues", "full", "run", "local", "force", "validate", "execute", "use_wrangler"};

/// A run of one step has that step's name.
constexpr job_kind of_step(std::string_view name) {
  return {.pipeline = name, .line = line_of_sync, .report = report_of_sync};
}
constexpr std::array<job_kind, 5> kinds{{{.pipeline = "sync",
                                          .parse = parse_sync,
                                          .members = members,
                                          .line = line_of_sync,
                                          .report = report_of_sync,
                                          .is_watched = true},
                                         of_step("scrape"),
                                         of_step("images"),
                                         of_step("upload"),
                                         of_step("publish")}};

constexpr event_ledger files_in_the_store{};
constexpr d1_health database_health{};

std::shared_ptr<void> connect(world& with) {
  return std::make_shared<event_gear>(
      d1_rest::make(*with.settings, with.service_pool, with.service_dial));
}

void count(database& db, boost::json::object& totals) {
  totals["events"] = db.number("SELECT count(*) FROM events");
  totals["artists"] = db.number("SELECT count(*) FROM artists");
  totals["images"] = db.number("SELECT count(*) FROM renditions WHERE state = 'done'");
  totals["objects"] = db.number("SELECT count(*) FROM objects");
}

}  // namespace

constinit subsystem const events_system{.name = "events",
                                        .tables = event_tables,
                                        .steps = steps,
                                        .counters = make_counters<event_counts>,
                                        .jobs = kinds,
                                        .ledger = &files_in_the_store,
                                        .health = &database_health,
                                        .configure = configure_events,
                                        .connect = connect,
                                        .serve = serve_events,
                                        .command = add_event_verbs,
                                        .count = count,
                                        .explain = explain_event_matter};

}  // namespace vinny
