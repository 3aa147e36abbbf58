// SPDX-License-Identifier: MIT
#include "events/commands/event_verbs.hpp"

#include <fmt/format.h>

#include "catalog/catalog.hpp"
#include "command/command_line.hpp"
#include "command/runs.hpp"
#include "events/commands/plan.hpp"
#include "events/stages/sync_job.hpp"
#include "events/tables/image_retry.hpp"

namespace vinny {
namespace {

/// Says what a run would do.
int show_plan(config const& settings, sync_request const& wish, output_options const& how) {
  auto reader = catalog::open_read_only(settings.data_dir);
  if (!reader && reader.error().code != errc::not_found) {
    return complain_and(exit_code::failed, reader.error());
  }
  auto const plan = plan_run(settings, wish, reader ? reader->get() : nullptr);
  if (!plan) return complain_and(exit_code::usage, plan.error());
  fmt::print("{}", how.json ? to_json(*plan) + '\n' : to_text(*plan, wish));
  return exit_code::done;
}

/// One verb that starts a run over events, or says what it would do.
struct event_verb {
  CLI::App& app;
  std::shared_ptr<sync_job> asked = std::make_shared<sync_job>();
  std::shared_ptr<bool> dry_run = std::make_shared<bool>(false);

  [[nodiscard]] sync_request& wish() const { return asked->wish; }
  void add_venues() const {
    app.add_option("--venues", wish().venues, "Only these venues: tags or extractor names")
        ->type_name("TAG…");
  }
  /// After its other options: --help lists them in this order.
  void finish(command_line& to, std::function<void(sync_request&)> read = {}) const {
    app.add_flag("--dry-run", *dry_run, "Say what would be done, and do nothing");
    to.set_action(
        app,
        [asked = asked, dry_run = dry_run](std::shared_ptr<config const> const& settings,
                                           invocation const& how) {
          return *dry_run ? show_plan(*settings, asked->wish, how.output)
                          : perform_run(settings, how, asked);
        },
        [asked = asked, read = std::move(read)] {
          if (read) read(asked->wish);
        });
  }
};

/// Only these steps of a run.
void only(sync_request& wish, bool scrape, bool images, bool upload, bool publish) {
  wish.scrape = scrape;
  wish.images = images;
  wish.upload = upload;
  wish.publish = publish;
}

void add_sync(command_line& to) {
  event_verb const sync{
      *to.root().add_subcommand("sync", "All steps: scrape, images, upload, publish")};
  sync.add_venues();
  sync.app
      .add_option("--run", sync.wish().reuse,
                  "Do not scrape: use the data of this run, or 'latest'")
      ->type_name("ID");
  sync.app.add_flag("--full", sync.wish().full, "Read every page again and publish every row");
  sync.app.add_flag("--local", sync.wish().local,
                    "Publish to <data_dir>/local-d1.sqlite, even with D1 configured");
  sync.finish(to);
}

void add_scrape(command_line& to) {
  event_verb const scrape{*to.root().add_subcommand("scrape", "Step 1: read the venues' pages")};
  scrape.add_venues();
  scrape.app.add_flag("--full", scrape.wish().full,
                      "Read every page again, whatever the sitemap says");
  scrape.finish(to, [](sync_request& wish) { only(wish, true, false, false, false); });
}

void add_images(command_line& to) {
  auto& images = to.add_group("images", "Steps 2 and 3: fetch and store images");
  event_verb const download{*images.add_subcommand("download", "Step 2: fetch what is missing")};
  download.app.add_flag("--force", download.wish().force, "Fetch every image again");
  download.finish(to, [](sync_request& wish) { only(wish, false, true, false, false); });
  to.add_retry(images, image_retry());
  event_verb const upload{*images.add_subcommand("upload-r2", "Step 3: put files into the store")};
  upload.app.add_flag("--validate", upload.wish().validate,
                      "Ask the store about every object first");
  upload.app.add_flag("--sync-d1", upload.wish().execute,
                      "Then publish to D1, as export-d1 --execute");
  upload.finish(to, [](sync_request& wish) { only(wish, false, false, true, wish.execute); });
}

void add_publish(command_line& to) {
  event_verb const publish{
      *to.root().add_subcommand("export-d1", "Step 4: write export.sql for review, or publish")};
  auto& wish = publish.wish();
  publish.app.add_flag("--execute", wish.execute, "Publish to D1 by its REST interface");
  publish.app.add_flag("--use-wrangler", wish.use_wrangler, "Publish to D1 by wrangler");
  publish.app.add_flag("--local", wish.local,
                       "Publish to <data_dir>/local-d1.sqlite; with --use-wrangler, to wrangler's "
                       "local database");
  publish.app.add_flag("--full", wish.full, "Every row, not only changed ones");
  publish.finish(to, [](sync_request& read) { only(read, false, false, false, true); });
}

}  // namespace

void add_event_verbs(command_line& to) {
  add_sync(to);
  add_scrape(to);
  add_images(to);
  add_publish(to);
}

}  // namespace vinny
