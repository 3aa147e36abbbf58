// SPDX-License-Identifier: MIT
#include "pipeline/upload_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "catalog/images.hpp"
#include "catalog/runs.hpp"
#include "pipeline/ask.hpp"
#include "policy/backoff.hpp"
#include "policy/classify.hpp"
#include "task/offload.hpp"
#include "task/queue.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

/// While one records what the store has confirmed, another sends: the store's own lane keeps to
/// the configured number of requests.
constexpr int workers_per_request = 4;
constexpr std::size_t claimed_at_once = 256;
constexpr std::chrono::milliseconds count_lasts{250};

/// What asking the store about everything has found.
struct validation {
  std::int64_t checked = 0;
  std::int64_t lost = 0;     // no longer there
  std::int64_t changed = 0;  // something else is there
  std::optional<failure> stopped{};
};

/// One object; a transient failure is tried again.
task<result<std::optional<stored_object>>> ask_store(run_context& context, std::string key) {
  for (int attempt = 1;; ++attempt) {
    auto found = co_await context.store.head(key, within(std::chrono::minutes{5}));
    if (found || classify(found.error().code) != verdict::retry ||
        attempt > context.settings.store.retries) {
      co_return found;
    }
    auto pause = backoff(attempt, 1.0);
    if (found.error().retry_at) {
      pause = std::max(pause, std::chrono::milliseconds{*found.error().retry_at - now()});
    }
    if (pause > context.settings.politeness.patience) co_return found;
    co_await sleep_for(pause);
  }
}

task<> validate_one(run_context& context, confirmed_object one, validation& sum) {
  auto const found = co_await ask_store(context, one.id.key());
  if (!found) {
    if (!sum.stopped) sum.stopped = found.error();
    co_return;
  }
  ++sum.checked;
  auto const& there = *found;
  // An ETag is the store's own name for the content: another one is other content.
  bool const same = there && there->bytes == one.bytes &&
                    (there->etag.empty() || one.etag.empty() || there->etag == one.etag);
  if (same) {
    ++context.counts().objects_unchanged;
    co_return;
  }
  ++(there ? sum.changed : sum.lost);
  log(log_level::warn, "upload",
      there ? "the store has something else under a key; the object is put again"
            : "the store has lost an object; it is put again",
      field("key", one.id.key()));
  auto const noted =
      co_await context.facts.write([id = one.id](database& db) { object_missing(db, id); });
  if (!noted && !sum.stopped) sum.stopped = noted.error();
}

task<> validate_from(run_context& context, queue<confirmed_object>& work, validation& sum) {
  while (auto one = co_await work.pop()) {
    if (!sum.stopped && !context.draining) co_await validate_one(context, std::move(*one), sum);
  }
}

task<result<>> feed_confirmed(run_context& context, queue<confirmed_object>& work,
                              validation const& sum) {
  constexpr std::size_t chunk = 500;
  rendition_id after;
  while (!sum.stopped && !context.draining) {
    auto rows = co_await context.facts.read(
        [after](database& db) { return confirmed_objects(db, after, chunk); });
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->empty()) break;
    after = rows->back().id;
    for (auto& row : *rows) {
      if (!co_await work.push(std::move(row))) co_return result<>{};
    }
  }
  co_return result<>{};
}

/// Asks the store about everything it has confirmed; what is missing is put again.
task<result<>> validate(run_context& context) {
  validation sum;
  auto const workers = context.settings.store.concurrency;
  queue<confirmed_object> work{static_cast<std::size_t>(workers)};
  auto const fed = co_await with_group([&](task_group& group) -> task<result<>> {
    for (int i = 0; i < workers; ++i) {
      group.spawn(fmt::format("validate {}", i), validate_from(context, work, sum));
    }
    auto out = co_await feed_confirmed(context, work, sum);
    work.close();
    co_return out;
  });
  if (!fed) co_return fed;
  if (sum.stopped) co_return std::unexpected(*sum.stopped);
  auto const dropped = co_await context.store.drop_leftovers(within(std::chrono::minutes{5}));
  if (!dropped) co_return std::unexpected(dropped.error());
  log(sum.lost + sum.changed > 0 ? log_level::warn : log_level::info, "upload",
      "the store was asked about every object", field("checked", sum.checked),
      field("lost", sum.lost), field("changed", sum.changed), field("uploads_aborted", *dropped));
  co_return result<>{};
}

}  // namespace

task<result<std::vector<object_job>>> upload_stage::claim(std::size_t limit) {
  if (ready_.empty()) {
    auto jobs = co_await context_.facts.read([active = active_, at = to_ms(now())](database& db) {
      return due_objects(db, at, active, claimed_at_once);
    });
    if (!jobs) co_return std::unexpected(jobs.error());
    for (auto& job : *jobs) {
      active_.insert(job.id.key());
      ready_.push_back(std::move(job));
    }
  }
  std::vector<object_job> out;
  while (out.size() < limit && !ready_.empty()) {
    out.push_back(std::move(ready_.front()));
    ready_.pop_front();
  }
  if (out.empty()) counted_at_ = {};
  co_return out;
}

task<result<work_outlook>> upload_stage::outlook() {
  // Counting costs as much as the list is long: while there is work, an old number will do.
  if (clock::now() - counted_at_ < count_lasts) co_return counted_;
  auto counted = co_await context_.facts.read([](database& db) {
    work_outlook out;
    db.query(
        "SELECT count(*), coalesce(min(due_at), 0) FROM renditions WHERE state = 'done' AND stored "
        "= 0",
        [&](SQLite::Statement& row) {
          out = {row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
        });
    return out;
  });
  if (counted) {
    counted_ = *counted;
    counted_at_ = clock::now();
  }
  co_return counted;
}

task<result<stored_object>> upload_stage::run(object_job const& job, deadline limit) {
  auto const key = job.id.key();
  auto const size =
      co_await offload(context_.cpu, [files = context_.files, key] { return files.size(key); });
  if (size != job.bytes) {
    co_return fail(errc::not_found,
                   fmt::format("{}: the file to be stored is gone; it is fetched again", key));
  }
  co_return co_await context_.store.put(
      {.key = key, .file = context_.files.path() / key, .sha256 = job.sha256, .known = job.known},
      limit);
}

task<result<>> upload_stage::finish(object_job const& job, stored_object out) {
  auto const recorded = co_await context_.facts.write(
      [job, etag = out.etag, replaced = out.replaced, at = to_rfc3339(now())](database& db) {
        object_confirmed(db, job, etag, at, replaced);
      });
  if (!recorded) co_return recorded;
  if (!out.sent) {
    ++context_.counts().objects_unchanged;
    instruments::global().store_skipped.add();
    co_return result<>{};
  }
  ++context_.counts().objects_put;
  instruments::global().store_put.add();
  co_return result<>{};
}

task<result<>> upload_stage::postpone(object_job const& job, failure const&, int attempts,
                                      std::int64_t due_ms) {
  return context_.facts.write(
      [job, attempts, due_ms](database& db) { object_postponed(db, job, attempts, due_ms); });
}

task<result<bool>> upload_stage::give_up(object_job const& job, failure const& why, int attempts) {
  constexpr std::int64_t next_run = INT64_MAX;
  auto const lost = co_await context_.facts.write(
      [job, why, attempts, run_id = context_.record.id](database& db) {
        // A newer file may have taken the path since the claim: then that one is put.
        auto const recorded = db.text(
            "SELECT sha256 FROM renditions WHERE venue_tag = ? AND artist_slug = ? AND size = ?",
            job.id.venue_tag, job.id.artist_slug, job.id.size);
        if (recorded != job.sha256) return false;
        if (why.code == errc::not_found) {
          rendition_lost(db, job.id);
        } else {
          object_postponed(db, job, 0, next_run);
        }
        add_run_error(db, run_id, to_run_error("upload", job.id.key(), {}, why, attempts),
                      to_rfc3339(now()));
        return true;
      });
  if (lost && *lost) {
    ++context_.counts().objects_failed;
    instruments::global().store_put_failures.add();
  }
  co_return lost;
}

task<result<>> upload_objects(run_context& context, std::function<bool()> more_may_come) {
  auto const revived = co_await context.facts.write([](database& db) { revive_objects(db); });
  if (!revived) co_return revived;
  if (context.request.validate) {
    if (auto const checked = co_await validate(context); !checked) co_return checked;
  }
  upload_stage stage{context};
  co_return co_await run_stage(context, stage,
                               {.workers = context.settings.store.concurrency * workers_per_request,
                                .attempts = context.settings.store.retries + 1,
                                .patience = context.settings.politeness.patience,
                                .more_may_come = std::move(more_may_come)});
}

}  // namespace vinny
