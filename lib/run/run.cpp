// SPDX-License-Identifier: MIT
#include "run/run.hpp"

#include <fmt/format.h>
#include <boost/asio/cancellation_state.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <set>

#include "captures/stages/capture_care.hpp"
#include "captures/stages/capture_sync.hpp"
#include "catalog/runs.hpp"
#include "core/text.hpp"
#include "events/stages/image_stage.hpp"
#include "events/stages/publish.hpp"
#include "events/stages/scrape.hpp"
#include "events/stages/upload_stage.hpp"
#include "events/stages/validate_store.hpp"
#include "library/stages/library_jobs.hpp"
#include "observe/log.hpp"
#include "run/error_reports.hpp"
#include "specimens/stages/ingest.hpp"
#include "specimens/stages/specimen_stage.hpp"
#include "specimens/stages/specimen_upload.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto progress_every = 200ms;
constexpr auto record_every = 2s;
constexpr auto farewell_to_sentry = 2s;

std::string progress_document(run_context& context) {
  json::object out;
  out["run_id"] = context.record.id;
  out["state"] = name(context.record.state);
  out["counts"] = json::parse(counts_to_json(context.counts()));
  json::array stages;
  for (auto const step : run_steps) {
    auto const& board = context.board(step);
    stages.push_back({{"step", name(step)},
                      {"pending", board.pending},
                      {"active", board.active},
                      {"done", board.done},
                      {"failed", board.failed}});
  }
  out["stages"] = std::move(stages);
  return json::serialize(out);
}

void show_on_gauges(run_context& context) {
  for (auto const step : run_steps) {
    auto& series = instruments::global().of(step);
    series.in_progress.set(static_cast<double>(context.board(step).active));
    series.queued.set(static_cast<double>(context.board(step).pending));
  }
}

/// Tells how far the run is, until it is cancelled.
task<> tell_progress(run_context& context) {
  std::string last;
  auto recorded = clock::now();
  for (;;) {
    co_await sleep_for(progress_every);
    auto document = progress_document(context);
    if (document == last) continue;
    last = document;
    show_on_gauges(context);
    context.feed.add("progress", std::move(document));
    if (clock::now() - recorded < record_every) continue;
    recorded = clock::now();
    auto const kept = co_await context.facts.write(
        [record = context.record](database& db) { update_run(db, record); });
    if (!kept) log(log_level::warn, "run", kept.error().message);
  }
}

void note_halt(run_context& context, result<> const& outcome) {
  if (!outcome && outcome.error().code != errc::cancelled) context.halts.push_back(outcome.error());
}

task<> step_task(run_context& context, task<result<>> body, bool& going, run_step next) {
  note_halt(context, co_await std::move(body));
  going = false;
  context.waker(next).notify_all();
}

/// Scrape, images and upload side by side, each fed by the one before.
task<bool> collect(run_context& context) {
  bool scraping = context.request.scrape;
  bool fetching = context.request.images;
  bool storing = context.request.upload;
  co_return co_await with_group([&](task_group& steps) -> task<bool> {
    if (scraping) {
      steps.spawn("scrape", step_task(context, scrape(context), scraping, run_step::images));
    }
    if (fetching) {
      steps.spawn("images", step_task(context, download_images(context, [&] { return scraping; }),
                                      fetching, run_step::upload));
    }
    if (storing) {
      steps.spawn("upload",
                  step_task(context, upload_objects(context, [&] { return fetching || scraping; }),
                            storing, run_step::publish));
    }
    while (scraping || fetching || storing)
      co_await context.waker(run_step::publish).wait(within(200ms));
    co_return true;
  });
}

/// Specimens are fetched, and where that is wanted put into the store behind it.
task<bool> collect_specimens(run_context& context) {
  bool fetching = true;
  bool storing = context.settings.specimens.upload;
  co_return co_await with_group([&](task_group& steps) -> task<bool> {
    steps.spawn("specimens",
                step_task(context, download_specimens(context), fetching, run_step::upload));
    if (storing) {
      steps.spawn("upload", step_task(context, upload_specimens(context, [&] { return fetching; }),
                                      storing, run_step::publish));
    }
    co_return true;
  });
}

task<result<>> library_job(run_context& context) {
  switch (context.request.library.what) {
    case library_request::job::import:
      return import_library(context);
    case library_request::job::backfill:
      return backfill_artwork(context);
    default:
      return backfill_artist_names(context);
  }
}

task<bool> all_steps(run_context& context) {
  if (context.request.library.what != library_request::job::none) {
    note_halt(context, co_await library_job(context));
    co_return true;
  }
  if (context.request.ingest) {
    note_halt(context, co_await ingest(context));
    co_return true;
  }
  if (context.request.specimens) {
    co_return co_await collect_specimens(context);
  }
  if (context.request.captures) {
    note_halt(context, co_await sync_captures(context));
    co_return true;
  }
  if (context.request.verify) {
    note_halt(context, co_await validate_store(context));
    note_halt(context, co_await check_thumbnails(context));
    co_return true;
  }
  co_await collect(context);
  if (context.request.publish && !context.draining) note_halt(context, co_await publish(context));
  note_halt(context, co_await write_documents(context));
  co_return true;
}

run_state outcome_of(run_context& context) {
  if (!context.halts.empty()) return run_state::failed;
  if (context.draining) return run_state::cancelled;
  auto const& counts = context.counts();
  return counts.failed() > 0 || counts.deferred > 0 ? run_state::partial : run_state::done;
}

std::string why(run_context const& context) {
  std::set<std::string> messages;
  for (auto const& one : context.halts) messages.insert(valid_utf8(one.message));
  for (auto const& one : context.remarks) messages.insert(valid_utf8(one));
  return fmt::format("{}", fmt::join(messages, "; "));
}

/// Jobs over the library report their end themselves.
void report_halts(run_context const& context, error_reports& reports) {
  if (context.request.library.what != library_request::job::none) return;
  for (auto const& one : context.halts) {
    reports.add({.kind = std::string{name(one.code)},
                 .message = one.message,
                 .tool = context.record.pipeline,
                 .step = "run",
                 .run_id = context.record.id});
  }
}

}  // namespace

task<> execute(run_context& context, run_notices& notices) {
  run_scope const scope{context.record.id};
  auto const began = clock::now();
  auto& record = context.record;
  record.state = run_state::running;
  record.started_at = to_rfc3339(now());
  instruments::global().run_active.set(1);
  log(log_level::info, "run", "started", field("pipeline", record.pipeline),
      field("venues", context.venues.size()));
  auto const opened =
      co_await context.facts.write([record](database& db) { update_run(db, record); });
  note_halt(context, opened);

  error_reports reports{context.sentry};
  context.reports = &reports;
  std::exception_ptr stopped;
  try {
    co_await with_group([&](task_group& side) -> task<bool> {
      side.spawn("progress", tell_progress(context));
      side.spawn("notices", notices.follow());
      side.spawn("error reports", reports.follow());
      bool const done = opened && co_await all_steps(context);
      side.cancel();
      co_return done;
    });
  } catch (...) {
    stopped = std::current_exception();
  }
  if (stopped) co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  if (stopped && !is_cancellation(stopped)) std::rethrow_exception(stopped);

  // Who looks meanwhile sees it running: it has ended when all of this has been told.
  auto ended = record;
  ended.state = stopped ? run_state::cancelled : outcome_of(context);
  ended.error = why(context);
  ended.finished_at = to_rfc3339(now());
  report_halts(context, reports);
  co_await reports.flush(farewell_to_sentry);
  context.reports = nullptr;
  auto const closed =
      co_await context.facts.write([ended](database& db) { update_run(db, ended); });
  if (!closed) log(log_level::error, "run", closed.error().message);
  record = std::move(ended);
  auto const took = std::chrono::duration<double>(clock::now() - began).count();
  auto& meters = instruments::global();
  meters.run_active.set(0);
  meters.run_duration.observe(took);
  bool const good = record.state == run_state::done || record.state == run_state::partial;
  if (good && record.pipeline == "sync") {
    meters.run_last_success.set_to_now();
  }
  show_on_gauges(context);
  log(record.state == run_state::failed ? log_level::warn : log_level::info, "run", "finished",
      field("state", name(record.state)), field("seconds", took),
      field("events", record.counts.events),
      field("images", record.counts.images_fetched + record.counts.specimens_fetched),
      field("rows", record.counts.rows_written + record.counts.list_rows),
      field("failed", record.counts.failed()), field("deferred", record.counts.deferred),
      field("error", record.error));
  context.feed.add("progress", progress_document(context));
  json::object last;
  last["run_id"] = record.id;
  last["state"] = name(record.state);
  last["error"] = record.error.empty() ? json::value{} : json::value(record.error);
  last["counts"] = json::parse(counts_to_json(record.counts));
  context.feed.add("finished", json::serialize(last));
  context.feed.close();
}

result<std::vector<venue>> select_venues(config const& settings,
                                         std::vector<std::string> const& names) {
  std::vector<venue> out;
  for (auto const& one : settings.venues) {
    bool const named = std::ranges::any_of(
        names, [&](std::string const& n) { return n == one.tag || n == one.extractor; });
    if (named || (names.empty() && !one.sitemap.empty())) out.push_back(one);
  }
  for (auto const& wanted : names) {
    bool const known = std::ranges::any_of(
        settings.venues, [&](venue const& v) { return v.tag == wanted || v.extractor == wanted; });
    if (known) continue;
    std::set<std::string> all;
    for (auto const& one : settings.venues) {
      all.insert(one.tag);
      all.insert(one.extractor);
    }
    return fail(errc::not_found, fmt::format("there is no venue or extractor '{}'; known are {}",
                                             wanted, fmt::join(all, ", ")));
  }
  return out;
}

namespace {

void add_steps(run_request const& request, json::array& steps) {
  if (request.scrape) steps.push_back("scrape");
  if (request.images) steps.push_back("images");
  if (request.upload) steps.push_back("upload");
  if (request.publish) steps.push_back("publish");
}

void add_library(library_request const& how, json::object& out) {
  if (how.what == library_request::job::import) {
    out["files"] = json::array(how.files.begin(), how.files.end());
    return;
  }
  if (how.batch_size > 0) out["batch_size"] = how.batch_size;
  if (how.what != library_request::job::backfill) return;
  if (how.throttle_ms >= 0) out["throttle_ms"] = how.throttle_ms;
  if (how.part.count > 1) out["partition"] = fmt::format("{}/{}", how.part.index, how.part.count);
  out["recheck"] = how.recheck;
  out["accept_fallback"] = how.accept_fallback;
}

}  // namespace

std::string request_to_json(run_request const& request) {
  json::object out;
  out["pipeline"] = request.pipeline();
  json::array steps;
  if (request.is_sync()) add_steps(request, steps);
  out["steps"] = std::move(steps);
  out["venues"] = json::array(request.venues.begin(), request.venues.end());
  out["full"] = request.full;
  out["local"] = request.local;
  out["force"] = request.force;
  out["validate"] = request.validate;
  out["execute"] = request.execute;
  out["use_wrangler"] = request.use_wrangler;
  if (request.ingest) {
    out["list"] = request.list;
    out["reset"] = request.reset;
    out["finalize_only"] = request.finalize_only;
    out["legacy_only"] = request.legacy_only;
    out["install_path"] = request.install_path;
  }
  if (request.library.what != library_request::job::none) add_library(request.library, out);
  if (request.captures) {
    out["collections"] = json::array(request.collections.begin(), request.collections.end());
  }
  out["run"] = request.reuse.empty() ? json::value{} : json::value(request.reuse);
  return json::serialize(out);
}

}  // namespace vinny
