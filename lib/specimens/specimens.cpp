// SPDX-License-Identifier: MIT
#include "specimens/specimens.hpp"

#include <fmt/format.h>

#include <array>

#include "specimens/commands/specimen_verbs.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/model/specimen_settings.hpp"
#include "specimens/routes/specimen_service.hpp"
#include "specimens/stages/download_job.hpp"
#include "specimens/stages/ingest_job.hpp"
#include "specimens/tables/specimen_schema.hpp"

namespace vinny {
namespace {

std::string line_of_ingest(tally const& n) {
  return fmt::format("{} rows, {} images of {} specimens, {} rejected", n["list_rows"],
                     n["list_images"], n["list_gbif_ids"], n["list_rejected"]);
}

std::string report_of_ingest(tally const& n) {
  auto out = fmt::format(
      "  rows     {} read, {} rejected\n"
      "  images   {} distinct, of {} specimens\n",
      n["list_rows"], n["list_rejected"], n["list_images"], n["list_gbif_ids"]);
  if (n["list_retired"] > 0) {
    out += fmt::format("  retired  {}: no list names them any more; their files stay\n",
                       n["list_retired"]);
  }
  return out;
}

/// `vinny specimens ingest --json`.
std::string json_of_ingest(tally const& n, std::string_view state, double seconds) {
  if (state != "done") return {};
  return fmt::format(R"({{"rows":{},"rejected":{},"images":{},"gbif_ids":{},"seconds":{:.3f}}})",
                     n["list_rows"], n["list_rejected"], n["list_images"], n["list_gbif_ids"],
                     seconds);
}

std::string line_of_download(tally const& n) {
  return fmt::format("{} images, {} were there", n["specimens_fetched"], n["specimens_adopted"]);
}

std::string report_of_download(tally const& n) {
  auto out = fmt::format("  images   {} fetched, {} were there, {} failed\n",
                         n["specimens_fetched"], n["specimens_adopted"], n["specimens_failed"]);
  if (n["objects_put"] + n["objects_unchanged"] + n["objects_failed"] > 0) {
    out += fmt::format("  objects  {} stored, {} were there, {} failed\n", n["objects_put"],
                       n["objects_unchanged"], n["objects_failed"]);
  }
  return out + deferred_line(n);
}

constexpr std::array<step_words, 3> steps{{{step::ingest, "rows", "read", true},
                                           {step::specimens, "images", "fetched", true},
                                           upload_words}};

constexpr std::array<std::string_view, 5> ingest_members{"list", "reset", "finalize_only",
                                                         "legacy_only", "install_path"};
constexpr std::array<job_kind, 2> kinds{{{.pipeline = "specimens-ingest",
                                          .parse = parse_ingest,
                                          .members = ingest_members,
                                          .line = line_of_ingest,
                                          .report = report_of_ingest,
                                          .json_line = json_of_ingest},
                                         {.pipeline = "specimens-download",
                                          .parse = parse_download,
                                          .line = line_of_download,
                                          .report = report_of_download}}};

}  // namespace

constinit subsystem const specimens_system{.name = "specimens",
                                           .tables = specimen_tables,
                                           .steps = steps,
                                           .counters = make_counters<specimen_counts>,
                                           .jobs = kinds,
                                           .configure = configure_specimens,
                                           .serve = serve_specimens,
                                           .command = add_specimen_verbs};

}  // namespace vinny
