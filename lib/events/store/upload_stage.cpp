// SPDX-License-Identifier: MIT
#include "events/store/upload_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "blob/upload_workers.hpp"
#include "catalog/runs.hpp"
#include "events/model/event_counts.hpp"
#include "events/stages/sync_job.hpp"
#include "events/store/validate_store.hpp"
#include "events/tables/images.hpp"
#include "run/patient.hpp"
#include "run/take_store.hpp"
#include "run/world.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

/// While one records what the store has confirmed, another sends: the store's own lane keeps to
/// the configured number of requests.
constexpr std::size_t claimed_at_once = 512;
constexpr std::int64_t next_run = INT64_MAX;  // when what this run has given up is due

}  // namespace

task<result<std::vector<object_job>>> upload_stage::claim(std::size_t limit) {
  return ahead_.claim(limit, [this](std::set<std::string> const& active) {
    return context_.facts.read([active, at = to_ms(now())](database& db) {
      return due_objects(db, at, active, claimed_at_once);
    });
  });
}

task<result<work_outlook>> upload_stage::outlook() {
  return context_.facts.read([](database& db) {
    work_outlook out;
    db.query(
        "SELECT count(*), coalesce(min(due_at), 0) FROM renditions WHERE state = 'done' AND stored "
        "= 0 AND due_at < ?",
        [&](SQLite::Statement& row) {
          out = {row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
        },
        next_run);
    return out;
  });
}

task<result<stored_object>> upload_stage::run(object_job const& job, deadline limit) {
  if (job.known) {
    auto const doubted =
        co_await context_.facts.write([job](database& db) { object_in_doubt(db, job); });
    if (!doubted) co_return std::unexpected(doubted.error());
  }
  auto key = job.id.key();
  auto file = context_.files.path() / key;
  co_return co_await context_.store.put({.key = std::move(key),
                                         .file = std::move(file),
                                         .bytes = job.bytes,
                                         .sha256 = job.sha256,
                                         .md5 = job.md5,
                                         .known = job.known},
                                        limit);
}

task<result<>> upload_stage::finish(object_job const& job, stored_object out) {
  auto const recorded = co_await context_.facts.write(
      [job, etag = out.etag, replaced = out.replaced, at = to_rfc3339(now())](database& db) {
        object_confirmed(db, job, etag, at, replaced);
      });
  if (!recorded) co_return recorded;
  if (!out.sent) {
    ++context_.counts<event_counts>().objects_unchanged;
    instruments::global().store_skipped.add();
    co_return result<>{};
  }
  ++context_.counts<event_counts>().objects_put;
  instruments::global().store_put.add();
  co_return result<>{};
}

task<result<>> upload_stage::postpone(object_job const& job, failure const&, int attempts,
                                      std::int64_t due_ms) {
  return context_.facts.write(
      [job, attempts, due_ms](database& db) { object_postponed(db, job, attempts, due_ms); });
}

task<result<bool>> upload_stage::give_up(object_job const& job, failure const& why, int attempts) {
  bool const no_file = why.code == errc::not_found;
  auto const lost = co_await context_.facts.write(
      [job, why, attempts, no_file, run_id = context_.record.id](database& db) {
        // A newer file may have taken the path since the claim: then that one is put.
        auto const recorded = db.text(
            "SELECT sha256 FROM renditions WHERE venue_tag = ? AND artist_slug = ? AND size = ?",
            job.id.venue_tag, job.id.artist_slug, job.id.size);
        if (recorded != job.sha256) return false;
        if (no_file) {
          rendition_lost(db, job.id);
          return false;
        }
        object_postponed(db, job, 0, next_run);
        add_run_error(db, run_id, to_run_error("upload", job.id.key(), {}, why, attempts),
                      to_rfc3339(now()));
        return true;
      });
  // The file goes round again; when the images of this run are through, in the next one.
  if (lost && no_file) ++context_.deferred;
  if (lost && *lost) {
    ++context_.counts<event_counts>().objects_failed;
    instruments::global().store_put_failures.add();
  }
  co_return lost;
}

task<result<>> upload_objects(run_context& context, std::function<bool()> more_may_come) {
  auto const revived = co_await context.facts.write([](database& db) { revive_objects(db); });
  if (!revived) co_return revived;
  auto const taken = co_await take_this_store(
      context, {.probe = "artists/none", .owner = ledger_owner, .take = take_store});
  if (!taken) co_return taken;
  if (context.asked<sync_job>().wish.validate) {
    if (auto const checked = co_await validate_store(context); !checked) co_return checked;
  }
  upload_stage stage{context};
  co_return co_await run_stage(context, stage,
                               {.workers = upload_workers(context.settings),
                                .patience = context.settings.politeness.patience,
                                .more_may_come = std::move(more_may_come)});
}

}  // namespace vinny
