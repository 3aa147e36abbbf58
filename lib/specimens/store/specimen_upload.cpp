// SPDX-License-Identifier: MIT
#include "specimens/store/specimen_upload.hpp"

#include <algorithm>

#include "blob/file_part.hpp"
#include "blob/upload_workers.hpp"
#include "catalog/runs.hpp"
#include "run/patient.hpp"
#include "run/take_store.hpp"
#include "run/world.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::size_t originals_at_once = 512;
constexpr std::int64_t noted_at_once = 50'000;

/// All files are put into a store that has none of them.
task<result<>> take_specimen_store(run_context& context) {
  auto const taken = co_await take_this_store(
      context,
      {.probe = "specimens/none",
       .owner = specimen_store,
       .take = [](database& db, std::string const& store) { take_specimen_store(db, store); }});
  if (!taken) co_return taken;
  for (bool more = true; more && !context.draining;) {
    auto const left = co_await context.facts.write(
        [](database& db) { return note_earlier_files(db, noted_at_once); });
    if (!left) co_return std::unexpected(left.error());
    more = *left;
  }
  co_return result<>{};
}

}  // namespace

task<result<std::vector<specimen_object>>> specimen_upload::claim(std::size_t limit) {
  return ahead_.claim(limit, [this](std::set<std::int64_t> const& active) {
    return context_.facts.read([active, at = to_ms(now())](database& db) {
      return due_specimen_objects(db, at, active, originals_at_once);
    });
  });
}

task<result<work_outlook>> specimen_upload::outlook() {
  auto const left = co_await context_.facts.read(specimen_objects_outlook);
  if (!left) co_return std::unexpected(left.error());
  co_return work_outlook{left->pending, left->next_due_ms};
}

task<result<stored_object>> specimen_upload::run(specimen_object const& job, deadline limit) {
  auto file = context_.files.path() / job.key();
  auto sha256 = job.sha256;
  if (sha256.empty()) {  // it was there before the catalog
    auto const digest = co_await on_cpu(context_, [file] { return digest_of(file); });
    if (!digest) co_return std::unexpected(digest.error());
    sha256 = digest->sha256;
  }
  co_return co_await context_.store.put(
      {.key = job.key(), .file = std::move(file), .bytes = job.bytes, .sha256 = std::move(sha256)},
      limit);
}

task<result<>> specimen_upload::finish(specimen_object const& job, stored_object out) {
  auto const recorded =
      co_await context_.facts.write([job](database& db) { specimen_object_confirmed(db, job); });
  if (!recorded) co_return recorded;
  auto& meters = instruments::global();
  ++(out.sent ? context_.counts<specimen_counts>().objects_put
              : context_.counts<specimen_counts>().objects_unchanged);
  (out.sent ? meters.store_put : meters.store_skipped).add();
  co_return result<>{};
}

task<result<>> specimen_upload::postpone(specimen_object const& job, failure const&, int attempts,
                                         std::int64_t due_ms) {
  return context_.facts.write([id = job.id, attempts, due_ms](database& db) {
    specimen_object_postponed(db, id, attempts, due_ms);
  });
}

task<result<bool>> specimen_upload::give_up(specimen_object const& job, failure const& why,
                                            int attempts) {
  auto const recorded = co_await context_.facts.write(
      [job, why, attempts, run_id = context_.record.id](database& db) {
        // Also when the file is gone: it may be a disk that is not mounted.
        specimen_object_postponed(db, job.id, 0, next_run_ms);
        add_run_error(db, run_id, to_run_error("upload", job.key(), {}, why, attempts),
                      to_rfc3339(now()));
      });
  if (!recorded) co_return std::unexpected(recorded.error());
  ++context_.counts<specimen_counts>().objects_failed;
  instruments::global().store_put_failures.add();
  co_return true;
}

task<result<>> upload_specimens(run_context& context, std::function<bool()> more_may_come) {
  auto const revived = co_await context.facts.write(revive_specimen_objects);
  if (!revived) co_return revived;
  if (auto const taken = co_await take_specimen_store(context); !taken) co_return taken;
  specimen_upload stage{context};
  co_return co_await run_stage(context, stage,
                               {.workers = upload_workers(context.settings),
                                .patience = context.settings.politeness.patience,
                                .more_may_come = std::move(more_may_come)});
}

}  // namespace vinny
