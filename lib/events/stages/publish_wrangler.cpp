// SPDX-License-Identifier: MIT
#include "events/stages/publish_wrangler.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>

#include "events/model/d1_settings.hpp"
#include "events/model/event_counts.hpp"
#include "events/publish/difference.hpp"
#include "events/publish/old_domain.hpp"
#include "events/publish/script.hpp"
#include "events/publish/target.hpp"
#include "events/publish/wrangler.hpp"
#include "events/stages/sync_job.hpp"
#include "events/tables/published.hpp"
#include "task/offload.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

constexpr std::string_view folder_name = "wrangler";

/// Tells the child to end when the program does; also when it is cancelled itself.
task<> watch(run_context& context, std::atomic<bool>& stop) {
  struct at_end {
    std::atomic<bool>& flag;
    ~at_end() { flag = true; }
  } const always{stop};
  while (!context.draining) co_await sleep_for(std::chrono::milliseconds{100});
}

result<> write_and_run(file_root const& files, config const& settings, bool local,
                       std::vector<change> const& changes, std::atomic<bool> const& stop) {
  std::error_code error;
  auto const folder = std::filesystem::absolute(files.path() / folder_name, error);
  std::filesystem::create_directories(folder, error);
  auto const script = folder / "changes.sql";
  {
    std::ofstream out{script, std::ios::binary | std::ios::trunc};
    if (auto const done = script_writer{out, preparation_sql(settings.store)}.write(changes); !done)
      return done;
  }
  auto done = run_wrangler(settings.of<d1_config>(),
                           {.local = local, .folder = folder, .script = script, .stop = &stop});
  std::filesystem::remove(script, error);
  return done;
}

}  // namespace

task<result<>> to_wrangler(run_context& context, std::vector<row> rows) {
  bool const local = context.asked<sync_job>().wish.local;
  auto const& settings = context.settings.of<d1_config>();
  if (!local && settings.database_id.empty()) {
    co_return fail(errc::config_invalid,
                   "publishing by wrangler needs d1.database_id (D1_DATABASE_ID), or --local");
  }
  auto const target = name_in_catalog(
      local ? publish_target::wrangler_local : publish_target::wrangler, context.settings);
  // A state that was deleted, or never was, has none of what was confirmed before.
  std::error_code ignored;
  auto const state = context.files.path() / folder_name / ".wrangler" / "state";
  bool const is_new = local && !std::filesystem::exists(state, ignored);
  auto known =
      co_await context.facts.read([target](database& db) { return published_digests(db, target); });
  if (!known) co_return std::unexpected(known.error());
  if (is_new) known->clear();
  auto const known_before = *known;
  auto const count = static_cast<std::int64_t>(rows.size());
  auto const changes = co_await on_cpu(context, [rows = std::move(rows), known = std::move(*known),
                                                 full = context.asked<sync_job>().wish.full] {
    return difference(rows, known, full);
  });
  auto const written = std::ranges::count(changes, change::kind::upsert, &change::what);
  context.counts<event_counts>().rows_unchanged += count - written;
  bool const is_first =
      std::ranges::all_of(known_before, [](auto const& one) { return one.second == unconfirmed; });
  if (changes.empty() && !is_first) co_return result<>{};
  context.board(step::publish).pending = written;
  auto const intended =
      co_await context.facts.write([target, is_new, marks = marks_of(changes)](database& db) {
        if (is_new) forget_published(db, target);
        intend_published(db, target, marks);
      });
  if (!intended) co_return intended;

  std::atomic<bool> stop = false;
  // A thread of its own: a child of many minutes must not hold up pictures.
  asio::thread_pool waiting{1};
  auto const done = co_await with_group([&](task_group& side) -> task<result<>> {
    side.spawn("wrangler", watch(context, stop));
    auto out = co_await offload(waiting, [&] {
      return write_and_run(context.files, context.settings, local, changes, stop);
    });
    side.cancel();
    co_return out;
  });
  if (!done) co_return done;
  context.counts<event_counts>().rows_written += written;
  context.counts<event_counts>().rows_removed +=
      static_cast<std::int64_t>(changes.size()) - written;
  instruments::global().published_rows.add(static_cast<std::uint64_t>(written));
  context.board(step::publish).pending = 0;
  co_return co_await context.facts.write([target, confirmed = marks_of(changes)](database& db) {
    confirm_published(db, target, confirmed);
  });
}

}  // namespace vinny
