// SPDX-License-Identifier: MIT
#include "specimens/commands/specimen_verbs.hpp"

#include "command/command_line.hpp"
#include "command/reports.hpp"
#include "specimens/commands/specimens.hpp"
#include "specimens/stages/download_job.hpp"
#include "specimens/stages/ingest_job.hpp"
#include "specimens/tables/specimen_retry.hpp"

namespace vinny {
namespace {

void add_reports(command_line& to, CLI::App& specimens) {
  auto const output_dir = std::make_shared<std::filesystem::path>();
  auto* const status =
      specimens.add_subcommand("status", "How far the specimens are, beside a running daemon too");
  status->add_option("--output-dir", *output_dir, "Write summary_<date>.txt there as well")
      ->type_name("DIR");
  to.set_action(*status, [output_dir](auto const& settings, invocation const& how) {
    return report_from_catalog(*settings, [&](database& db) {
      return show_specimens(*settings, db, how.output, *output_dir);
    });
  });
  auto* const check = specimens.add_subcommand(
      "check", "Whether the catalog is whole and files are what was recorded");
  to.set_action(*check, [](auto const& settings, invocation const& how) {
    return report_from_catalog(
        *settings, [&](database& db) { return check_specimens(*settings, db, how.output); });
  });
}

void add_ingest(command_line& to, CLI::App& specimens) {
  auto const asked = std::make_shared<ingest_job>();
  auto& ingest =
      to.add_run(specimens, "ingest",
                 "Put a list into the catalog: multimedia.txt, also gzipped, or the archive itself",
                 asked, [asked] {
                   // A daemon has another working directory.
                   for (auto* const path : {&asked->list, &asked->install_path}) {
                     if (!path->empty()) *path = std::filesystem::absolute(*path).string();
                   }
                 });
  ingest.add_option("list", asked->list, "The list")->type_name("MULTIMEDIA_OR_ARCHIVE");
  ingest.add_flag("--reset", asked->reset, "Forget all specimens first; files stay");
  ingest.add_flag("--finalize-only", asked->finalize_only, "Only count everything again");
  ingest
      .add_option("--install-path", asked->install_path,
                  "Where an older downloader kept its files, with its processed_ids.txt")
      ->type_name("DIR");
  ingest.add_flag("--legacy-only", asked->legacy_only,
                  "Read no list: only take over what is below --install-path");
}

}  // namespace

void add_specimen_verbs(command_line& to) {
  auto& specimens =
      to.add_group("specimens", "Images of herbarium specimens, from a list of GBIF's");
  to.add_run(specimens, "download", "Fetch the images that are pending, and keep them",
             std::make_shared<download_job>());
  add_reports(to, specimens);
  to.add_retry(specimens, specimen_retry());
  add_ingest(to, specimens);
}

}  // namespace vinny
