// SPDX-License-Identifier: MIT
#include "pipeline/upload_stage.hpp"

#include <fmt/format.h>

#include "catalog/images.hpp"
#include "catalog/runs.hpp"
#include "pipeline/ask.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr int upload_workers = 16;

/// Asks the store about everything it has confirmed; what is missing is put again.
task<result<>> validate(run_context& context) {
  constexpr std::size_t chunk = 200;
  rendition_id after;
  for (;;) {
    auto const rows = co_await context.facts.read(
        [after](database& db) { return made_renditions(db, after, chunk); });
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->empty()) co_return result<>{};
    after = rows->back().id;
    for (auto const& row : *rows) {
      if (!row.stored) continue;
      auto const found = co_await context.store.head(row.id.key(), within(std::chrono::minutes{1}));
      if (!found) co_return std::unexpected(found.error());
      if (*found && (*found)->bytes == row.bytes) {
        ++context.counts().objects_unchanged;
        instruments::global().store_skipped.add();
        continue;
      }
      log(log_level::warn, "upload", "the store has lost or changed an object; it is put again",
          field("key", row.id.key()));
      auto const noted =
          co_await context.facts.write([id = row.id](database& db) { object_missing(db, id); });
      if (!noted) co_return noted;
    }
  }
}

}  // namespace

task<result<std::vector<object_job>>> upload_stage::claim(std::size_t limit) {
  auto jobs =
      co_await context_.facts.read([active = active_, at = to_ms(now()), limit](database& db) {
        return due_objects(db, at, active, limit);
      });
  if (jobs) {
    for (auto const& job : *jobs) active_.insert(job.id.key());
  }
  co_return jobs;
}

task<result<work_outlook>> upload_stage::outlook() {
  return context_.facts.read([](database& db) {
    work_outlook out;
    db.query(
        "SELECT count(*), coalesce(min(due_at), 0) FROM renditions WHERE state = 'done' AND stored "
        "= 0",
        [&](SQLite::Statement& row) {
          out = {row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
        });
    return out;
  });
}

task<result<stored_object>> upload_stage::run(object_job const& job, deadline limit) {
  auto const key = job.id.key();
  auto const size =
      co_await offload(context_.cpu, [files = context_.files, key] { return files.size(key); });
  if (size != job.bytes) {
    co_return fail(errc::not_found,
                   fmt::format("{}: the file to be stored is gone; it is fetched again", key));
  }
  co_return co_await context_.store.put(key, context_.files.path() / key, job.sha256, limit);
}

task<result<>> upload_stage::finish(object_job const& job, stored_object out) {
  auto const recorded =
      co_await context_.facts.write([job, etag = std::move(out.etag), at = to_rfc3339(now())](
                                        database& db) { object_confirmed(db, job, etag, at); });
  if (!recorded) co_return recorded;
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
  if (why.code == errc::not_found) {
    // The file goes round again; when the images of this run are through, in the next one.
    ++context_.counts().deferred;
    co_return co_await context_.facts.write([id = job.id](database& db) {
      rendition_lost(db, id);
      return false;
    });
  }
  ++context_.counts().objects_failed;
  instruments::global().store_put_failures.add();
  constexpr std::int64_t next_run = INT64_MAX;
  co_return co_await context_.facts.write(
      [job, why, attempts, run_id = context_.record.id](database& db) {
        object_postponed(db, job, 0, next_run);
        add_run_error(db, run_id, to_run_error("upload", job.id.key(), {}, why, attempts),
                      to_rfc3339(now()));
        return true;
      });
}

task<result<>> upload_objects(run_context& context, std::function<bool()> more_may_come) {
  auto const revived = co_await context.facts.write([](database& db) { revive_objects(db); });
  if (!revived) co_return revived;
  if (context.request.validate) {
    if (auto const checked = co_await validate(context); !checked) co_return checked;
  }
  upload_stage stage{context};
  co_return co_await run_stage(context, stage,
                               {.workers = upload_workers,
                                .patience = context.settings.politeness.patience,
                                .more_may_come = std::move(more_may_come)});
}

}  // namespace vinny
