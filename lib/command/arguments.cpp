// SPDX-License-Identifier: MIT
#include "command/arguments.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "control/log_answer.hpp"
#include "library/model/partition.hpp"

namespace vinny {
namespace {

/// Only these steps of a run.
void only(run_request& request, bool scrape, bool images, bool upload, bool publish) {
  request.scrape = scrape;
  request.images = images;
  request.upload = upload;
  request.publish = publish;
}

void add_venues(CLI::App& to, run_request& request) {
  to.add_option("--venues", request.venues, "Only these venues: tags or extractor names")
      ->type_name("TAG…");
}
void add_full_scrape(CLI::App& to, run_request& request) {
  to.add_flag("--full", request.full, "Read every page again, whatever the sitemap says");
}
void add_dry_run(CLI::App& to, bool& flag) {
  to.add_flag("--dry-run", flag, "Say what would be done, and do nothing");
}

/// `retry` under "specimens" or "images".
void add_retry(CLI::App& parent, arguments& out, retry_of what) {
  auto& wish = out.retry;
  auto* const retry = parent.add_subcommand(
      "retry", "Ask again for what was refused or given up: counts first, then opens it");
  retry->add_option("--reason", wish.reason, "Only of this reason, such as http_403")
      ->type_name("REASON");
  retry->add_option("--host", wish.host, "Only of this host")->type_name("HOST");
  retry
      ->add_option_function<std::string>(
          "--since",
          [&wish](std::string const& text) {
            wish.since = parse_since(text, now());
            if (!wish.since) {
              throw CLI::ValidationError{
                  "--since: a date, a moment, or a span such as 3d or 12h, not " + text};
            }
          },
          "Only what was refused since then")
      ->type_name("WHEN");
  retry->add_flag("--dry-run", out.dry_run, "Only count");
  retry->callback([&out, what] {
    out.what = verb::retry;
    out.retry.what = what;
  });
}

void add_run_commands(CLI::App& app, arguments& out) {
  auto& request = out.request;
  auto* const sync = app.add_subcommand("sync", "All steps: scrape, images, upload, publish");
  add_venues(*sync, request);
  sync->add_option("--run", request.reuse, "Do not scrape: use the data of this run, or 'latest'")
      ->type_name("ID");
  sync->add_flag("--full", request.full, "Read every page again and publish every row");
  sync->add_flag("--local", request.local,
                 "Publish to <data_dir>/local-d1.sqlite, even with D1 configured");
  add_dry_run(*sync, out.dry_run);

  auto* const scrape = app.add_subcommand("scrape", "Step 1: read the venues' pages");
  add_venues(*scrape, request);
  add_full_scrape(*scrape, request);
  add_dry_run(*scrape, out.dry_run);
  scrape->callback([&request] { only(request, true, false, false, false); });

  auto* const images = app.add_subcommand("images", "Steps 2 and 3: fetch and store images");
  images->require_subcommand(1);
  auto* const download = images->add_subcommand("download", "Step 2: fetch what is missing");
  download->add_flag("--force", request.force, "Fetch every image again");
  add_dry_run(*download, out.dry_run);
  download->callback([&request] { only(request, false, true, false, false); });
  add_retry(*images, out, retry_of::images);
  auto* const upload = images->add_subcommand("upload-r2", "Step 3: put files into the store");
  upload->add_flag("--validate", request.validate, "Ask the store about every object first");
  upload->add_flag("--sync-d1", request.execute, "Then publish to D1, as export-d1 --execute");
  add_dry_run(*upload, out.dry_run);
  upload->callback([&request] { only(request, false, false, true, request.execute); });

  auto* const publish =
      app.add_subcommand("export-d1", "Step 4: write export.sql for review, or publish");
  publish->add_flag("--execute", request.execute, "Publish to D1 by its REST interface");
  publish->add_flag("--use-wrangler", request.use_wrangler, "Publish to D1 by wrangler");
  publish->add_flag("--local", request.local,
                    "Publish to <data_dir>/local-d1.sqlite; with --use-wrangler, to wrangler's "
                    "local database");
  publish->add_flag("--full", request.full, "Every row, not only changed ones");
  add_dry_run(*publish, out.dry_run);
  publish->callback([&request] { only(request, false, false, false, true); });
}

void add_specimen_download(CLI::App& specimens, arguments& out) {
  auto& request = out.request;
  specimens.add_subcommand("download", "Fetch the images that are pending, and keep them")
      ->callback([&request] {
        only(request, false, false, false, false);
        request.specimens = true;
      });
}

void add_specimen_reports(CLI::App& specimens, arguments& out) {
  auto* const status =
      specimens.add_subcommand("status", "How far the specimens are, beside a running daemon too");
  status->add_option("--output-dir", out.output_dir, "Write summary_<date>.txt there as well")
      ->type_name("DIR");
  status->callback([&out] { out.what = verb::specimens_status; });
  specimens.add_subcommand("check", "Whether the catalog is whole and files are what was recorded")
      ->callback([&out] { out.what = verb::specimens_check; });
}

void add_specimen_commands(CLI::App& app, arguments& out) {
  auto& request = out.request;
  auto* const specimens =
      app.add_subcommand("specimens", "Images of herbarium specimens, from a list of GBIF's");
  specimens->require_subcommand(1);
  add_specimen_download(*specimens, out);
  add_specimen_reports(*specimens, out);
  add_retry(*specimens, out, retry_of::specimens);
  auto* const ingest = specimens->add_subcommand(
      "ingest", "Put a list into the catalog: multimedia.txt, also gzipped, or the archive itself");
  ingest->add_option("list", request.list, "The list")->type_name("MULTIMEDIA_OR_ARCHIVE");
  ingest->add_flag("--reset", request.reset, "Forget all specimens first; files stay");
  ingest->add_flag("--finalize-only", request.finalize_only, "Only count everything again");
  ingest
      ->add_option("--install-path", request.install_path,
                   "Where an older downloader kept its files, with its processed_ids.txt")
      ->type_name("DIR");
  ingest->add_flag("--legacy-only", request.legacy_only,
                   "Read no list: only take over what is below --install-path");
  ingest->callback([&request] {
    only(request, false, false, false, false);
    request.ingest = true;
    // A daemon has another working directory.
    for (auto* const path : {&request.list, &request.install_path}) {
      if (!path->empty()) *path = std::filesystem::absolute(*path).string();
    }
  });
}

void add_capture_commands(CLI::App& app, arguments& out) {
  auto& request = out.request;
  auto* const captures =
      app.add_subcommand("captures", "Single pictures, with thumbnails made when they are wanted");
  captures->require_subcommand(1);
  auto* const add = captures->add_subcommand("add", "Add pictures to a collection");
  add->add_option("picture", out.names, "Files, directories or URLs")
      ->required()
      ->type_name("FILE_OR_URL…");
  add->add_option("--collection", out.collection, "The collection (else 'main')")
      ->type_name("NAME");
  add->callback([&out] { out.what = verb::captures_add; });
  auto* const sync =
      captures->add_subcommand("sync", "Bring collections in step with their directory or bucket");
  sync->add_option("collection", request.collections, "Their names (else all that have a source)")
      ->type_name("COLLECTION…");
  sync->add_flag("--full", request.full, "Also when a source has no picture any more");
  sync->callback([&request] {
    only(request, false, false, false, false);
    request.captures = true;
  });
  auto* const list = captures->add_subcommand("list", "Captures and where they are, newest first");
  list->add_option("--collection", out.collection, "Only this one")->type_name("NAME");
  list->add_option("--limit", out.limit, "How many (50)")->check(CLI::Range(1, 1'000));
  list->add_option("--before", out.before, "Go on below this id")->type_name("ID");
  list->callback([&out] { out.what = verb::captures_list; });
  app.add_subcommand(
         "verify", "Ask the store about everything that is recorded, and repair what is not there")
      ->callback([&request] {
        only(request, false, false, false, false);
        request.verify = true;
      });
}

void add_library_backfill(CLI::App& library, run_request& request) {
  auto* const backfill = library.add_subcommand(
      "backfill", "Ask the lookup service for artwork of rows that have none");
  backfill->add_option("--batch-size", request.library.batch_size, "Rows of a transaction")
      ->check(CLI::Range(1, 10'000));
  backfill
      ->add_option("--throttle-ms", request.library.throttle_ms,
                   "Between the starts of two lookups")
      ->check(CLI::Range(0, 3'600'000));
  backfill
      ->add_option_function<std::string>(
          "--partition",
          [&request](std::string const& text) {
            auto const part = parse_partition(text);
            if (!part) throw CLI::ValidationError{"--partition", part.error().message};
            request.library.part = *part;
          },
          "Only rows whose id leaves K when divided by N")
      ->type_name("K/N");
  backfill->add_flag("--recheck", request.library.recheck,
                     "Ask again about rows for which there was no artwork");
  backfill->add_flag("--accept-fallback", request.library.accept_fallback,
                     "Take what the service thinks is the next best, too");
  backfill->callback([&request] {
    only(request, false, false, false, false);
    request.library.what = library_request::job::backfill;
  });
}

void add_library_commands(CLI::App& app, arguments& out) {
  auto& request = out.request;
  auto* const library =
      app.add_subcommand("library", "A catalogue of albums: their artwork, and searching in it");
  library->require_subcommand(1);
  auto* const import = library->add_subcommand(
      "import", "Take in lists of rows and of artists: CSV with a header, or JSON lines");
  import->add_option("file", request.library.files, "The lists")->required()->type_name("FILE…");
  import->callback([&request] {
    only(request, false, false, false, false);
    request.library.what = library_request::job::import;
    // A daemon has another working directory.
    for (auto& one : request.library.files) one = std::filesystem::absolute(one).string();
  });
  add_library_backfill(*library, request);
  auto* const names = library->add_subcommand("artist-names", "Give every row its artist's name");
  names->add_option("--batch-size", request.library.batch_size, "Rows of a transaction (5000)")
      ->check(CLI::Range(1, 10'000));
  names->callback([&request] {
    only(request, false, false, false, false);
    request.library.what = library_request::job::artist_names;
  });
  library->add_subcommand("index", "Print the SQL that makes searches in PostgreSQL fast, for psql")
      ->callback([&out] { out.what = verb::library_index; });
  auto* const search = library->add_subcommand("search", "Albums by words of artist, title, label");
  search->add_option("text", out.names, "What is searched for")->required()->type_name("TEXT");
  search->add_option("--limit", out.limit, "How many (50)")->check(CLI::Range(1, 100));
  search->callback([&out] {
    out.what = verb::library_search;
    for (auto const& word : out.names) out.subject += (out.subject.empty() ? "" : " ") + word;
  });
}

void add_host_commands(CLI::App& app, arguments& out) {
  auto* const hosts = app.add_subcommand("hosts", "The hosts that images come from");
  hosts->require_subcommand(1);
  hosts->add_subcommand("list", "Those that failed, rest, or were set; the worst first")
      ->callback([&out] { out.what = verb::hosts_list; });
  auto* const release =
      hosts->add_subcommand("release", "Trust hosts again: no rest, no breaker, no quarantine");
  release->add_option("host", out.hosts.names, "Their names")->type_name("HOST");
  release->add_flag("--healthy", out.hosts.healthy,
                    "Those in quarantine whose error rate is good by now; says which");
  release->add_flag("--apply", out.hosts.apply, "With --healthy: do it");
  release->callback([&out] {
    out.what = verb::hosts_change;
    out.hosts.change.release = true;
  });
  auto* const set = hosts->add_subcommand("set", "Another pace for hosts than is configured");
  set->add_option("host", out.hosts.names, "Their names")->required()->type_name("HOST");
  auto& change = out.hosts.change;
  set->add_option_function<int>(
         "--delay-ms", [&change](int ms) { change.delay = {true, std::chrono::milliseconds{ms}}; },
         "Milliseconds between the starts of two requests")
      ->check(CLI::Range(0, 3'600'000));
  set->add_option_function<int>(
         "--concurrency", [&change](int n) { change.concurrency = {true, n}; },
         "Requests in flight")
      ->check(CLI::Range(1, 1'000));
  set->add_flag_callback(
      "--default",
      [&change] {
        change.delay.made = true;
        change.concurrency.made = true;
      },
      "As configured again");
  set->callback([&out, &change] {
    if (!change.delay.made && !change.concurrency.made) {
      throw CLI::RequiredError{"--delay-ms, --concurrency or --default"};
    }
    out.what = verb::hosts_change;
  });
}

void add_log_command(CLI::App& app, arguments& out) {
  constexpr std::size_t before_following = 10;
  auto& wish = out.logs;
  auto* const logs = app.add_subcommand("logs", "The daemon's last lines of log");
  logs->add_flag("-f,--follow", wish.follow, "Then those that come");
  logs->add_option("--run", wish.run, "Only of this run, or of the 'latest'")->type_name("ID");
  logs->add_option_function<std::string>(
          "--level", [&wish](std::string const& text) { wish.level = *log_level_from_name(text); },
          "This level and above")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
      ->type_name("LEVEL");
  logs->add_option("-n,--lines", wish.lines,
                   "At most so many of the last (else all, or 10 with -f)")
      ->check(CLI::Range(std::size_t{1}, kept_log_lines));
  logs->callback([&out] {
    out.what = verb::logs;
    if (out.logs.lines > 0) return;
    out.logs.lines = out.logs.follow ? before_following : kept_log_lines;
  });
}

void add_report_commands(CLI::App& app, arguments& out) {
  app.add_subcommand("status", "What is stored, what runs")->callback([&out] {
    out.what = verb::status;
  });
  auto* const runs = app.add_subcommand("runs", "Earlier runs, or one of them with its errors");
  runs->add_option("id", out.subject, "A run's id, or 'latest'")->type_name("ID");
  runs->callback([&out] { out.what = verb::runs; });
  auto* const explain =
      app.add_subcommand("explain", "Why something was fetched, skipped, refused or failed");
  explain->add_option("subject", out.subject, "A URL, a file's key, or an event's key")
      ->required()
      ->type_name("KEY_OR_URL");
  explain->callback([&out] { out.what = verb::explain; });
  app.add_subcommand("doctor", "Whether credentials, database, store and clock are right")
      ->callback([&out] { out.what = verb::doctor; });
  auto* const config = app.add_subcommand("config", "The configuration");
  config->require_subcommand(1);
  config->add_subcommand("check", "Read it and say what is wrong with it")->callback([&out] {
    out.what = verb::config_check;
  });
  config->add_subcommand("show", "What is in force, defaults included")->callback([&out] {
    out.what = verb::config_show;
  });
}

}  // namespace

std::expected<arguments, int> parse_arguments(int argc, char const* const* argv) {
  arguments out;
  CLI::App app{"Keeps a public image library in step with the places its images come from.",
               "vinny"};
  app.footer(
      "First steps: vinny sync --dry-run, then vinny sync --local. Documentation: README.md.");
  app.set_version_flag("--version", "vinny " VINNY_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--config", out.config_file, "Configuration file (else ./vinny.toml, else /etc)")
      ->type_name("FILE");
  app.add_option("--data-dir", out.data_dir, "Where data lives, instead of data_dir")
      ->type_name("DIR");
  app.add_flag("--json", out.output.json, "One JSON document on stdout");
  app.add_flag("-q,--quiet", out.output.quiet, "Only errors");
  app.add_flag("--no-color", out.output.no_color, "No colours (NO_COLOR works too)");
  app.add_flag("--no-daemon", out.no_daemon, "Work in this process, even where a daemon runs");
  add_run_commands(app, out);
  add_specimen_commands(app, out);
  add_capture_commands(app, out);
  add_library_commands(app, out);
  add_host_commands(app, out);
  add_report_commands(app, out);
  add_log_command(app, out);
  try {
    app.parse(argc, argv);
  } catch (CLI::Success const& e) {
    return std::unexpected(app.exit(e));
  } catch (CLI::RequiredError const& e) {
    // A word that is no command is what the user means, not that one is missing.
    auto const extra = app.remaining();
    complain(extra.empty() ? fmt::format("{}; `vinny --help` tells how", e.what())
                           : fmt::format("there is no command '{}'; `vinny --help` lists them",
                                         extra.front()));
    return std::unexpected(exit_code::usage);
  } catch (CLI::ParseError const& e) {
    complain(fmt::format("{}; `vinny --help` tells how", e.what()));
    return std::unexpected(exit_code::usage);
  }
  return out;
}

}  // namespace vinny
