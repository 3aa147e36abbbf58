// SPDX-License-Identifier: MIT
#include "run/run.hpp"

#include <fmt/format.h>
#include <boost/asio/cancellation_state.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "catalog/runs.hpp"
#include "core/text.hpp"
#include "model/subsystem.hpp"
#include "observe/log.hpp"
#include "run/error_reports.hpp"
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
  out["counts"] = json::parse(counts_to_json(context.totals()));
  json::array stages;
  for (auto const& one : all_steps()) {
    auto const& board = context.board(one.step);
    stages.push_back({{"step", name(one.step)},
                      {"pending", board.pending},
                      {"active", board.active},
                      {"done", board.done},
                      {"failed", board.failed}});
  }
  out["stages"] = std::move(stages);
  return json::serialize(out);
}

/// A run's part of gauges that are sums over all runs; it takes its part away when it ends.
class gauge_share {
 public:
  explicit gauge_share(std::string pipeline) : pipeline_(std::move(pipeline)) {
    instruments::global().run_began(pipeline_);
  }
  gauge_share(gauge_share const&) = delete;
  gauge_share& operator=(gauge_share const&) = delete;
  ~gauge_share() {
    for (auto const& [step, shown] : shown_) show(step, shown, {});
    instruments::global().run_ended(pipeline_);
  }
  void show(run_context& context) {
    for (auto const& one : all_steps()) {
      auto const& board = context.board(one.step);
      auto& before = shown_[one.step.name];
      part const after{.active = board.active, .pending = board.pending};
      show(one.step.name, before, after);
      before = after;
    }
  }

 private:
  struct part {
    std::int64_t active = 0;
    std::int64_t pending = 0;
  };
  static void show(std::string_view step, part const& before, part const& after) {
    auto& series = instruments::global().of(run_step{step});
    series.in_progress.add(static_cast<double>(after.active - before.active));
    series.queued.add(static_cast<double>(after.pending - before.pending));
  }
  std::string pipeline_;
  std::map<std::string_view, part> shown_;
};

/// Tells how far the run is, until it is cancelled.
task<> tell_progress(run_context& context, gauge_share& gauges) {
  std::string last;
  auto recorded = clock::now();
  for (;;) {
    co_await sleep_for(progress_every);
    auto document = progress_document(context);
    if (document == last) continue;
    last = document;
    gauges.show(context);
    context.feed.add("progress", std::move(document));
    if (clock::now() - recorded < record_every) continue;
    recorded = clock::now();
    auto const kept = co_await context.facts.write(
        [record = context.snapshot()](database& db) { update_run(db, record); });
    if (!kept) log(log_level::warn, "run", kept.error().message);
  }
}

run_state outcome_of(run_context& context) {
  if (!context.halts.empty()) return run_state::failed;
  if (context.draining) return run_state::cancelled;
  return context.totals().failed() > 0 || context.deferred > 0 ? run_state::partial
                                                               : run_state::done;
}

std::string why(run_context const& context) {
  std::set<std::string> messages;
  for (auto const& one : context.halts) messages.insert(valid_utf8(one.message));
  for (auto const& one : context.remarks) messages.insert(valid_utf8(one));
  return fmt::format("{}", fmt::join(messages, "; "));
}

void report_halts(run_context const& context, error_reports& reports) {
  if (context.work->reports_its_end()) return;
  for (auto const& one : context.halts) {
    reports.add({.kind = std::string{name(one.code)},
                 .message = one.message,
                 .tool = context.record.pipeline,
                 .step = "run",
                 .run_id = context.record.id});
  }
}

void tell_the_log(run_record const& record, double took) {
  std::vector<log_field> fields{field("state", name(record.state)), field("seconds", took)};
  std::vector<std::pair<std::string_view, std::int64_t>> headlines;
  for (auto const& one : all_counters()) {
    if (one.headline.empty()) continue;
    auto at = std::ranges::find(headlines, one.headline,
                                &std::pair<std::string_view, std::int64_t>::first);
    if (at == headlines.end()) at = headlines.insert(at, {one.headline, 0});
    at->second += record.counts[one.name];
  }
  for (auto const& [headline, sum] : headlines) fields.push_back(field(headline, sum));
  fields.push_back(field("failed", record.counts.failed()));
  fields.push_back(field("deferred", record.counts["deferred"]));
  fields.push_back(field("error", record.error));
  log(record.state == run_state::failed ? log_level::warn : log_level::info, "run", "finished",
      std::move(fields));
}

}  // namespace

task<> overlapping_step(run_context& run, task<result<>> body, bool& going, run_step behind) {
  run.note_halt(co_await std::move(body));
  going = false;
  run.waker(behind).notify_all();
}

task<> execute(run_context& context, run_notices& notices) {
  auto const began = clock::now();
  auto& record = context.record;
  record.state = run_state::running;
  record.started_at = to_rfc3339(now());
  gauge_share gauges{record.pipeline};
  log(log_level::info, "run", "started", field("pipeline", record.pipeline));
  auto const opened =
      co_await context.facts.write([record](database& db) { update_run(db, record); });
  context.note_halt(opened);

  error_reports reports{context.outside->sentry.get()};
  context.reports = &reports;
  std::exception_ptr stopped;
  try {
    co_await with_group([&](task_group& side) -> task<bool> {
      side.spawn("progress", tell_progress(context, gauges));
      side.spawn("notices", notices.follow());
      side.spawn("error reports", reports.follow());
      if (opened) co_await context.work->run(context);
      side.cancel();
      co_return opened.has_value();
    });
  } catch (...) {
    stopped = std::current_exception();
  }
  if (stopped) co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  if (stopped && !is_cancellation(stopped)) std::rethrow_exception(stopped);

  // Published only at the end: a reader must not see `done` before Sentry and the catalog have it.
  auto ended = context.snapshot();
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
  meters.run_duration.observe(took);
  bool const good = record.state == run_state::done || record.state == run_state::partial;
  if (auto const* const kind = find_job_kind(record.pipeline);
      good && kind != nullptr && kind->is_watched) {
    meters.run_succeeded(record.pipeline);
  }
  tell_the_log(record, took);
  context.feed.add("progress", progress_document(context));
  json::object last;
  last["run_id"] = record.id;
  last["state"] = name(record.state);
  last["error"] = record.error.empty() ? json::value{} : json::value(record.error);
  last["counts"] = json::parse(counts_to_json(record.counts));
  context.feed.add("finished", json::serialize(last));
  context.feed.close();
}

}  // namespace vinny
