// SPDX-License-Identifier: MIT
#include "events/stages/publish_d1.hpp"

#include <algorithm>
#include <utility>

#include "events/model/d1_settings.hpp"
#include "events/model/event_counts.hpp"
#include "events/publish/d1_export.hpp"
#include "events/publish/old_domain.hpp"
#include "events/publish/target.hpp"
#include "events/stages/event_gear.hpp"
#include "events/stages/sync_job.hpp"
#include "events/tables/published.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

using change_list = std::span<change const* const>;

/// What D1 has confirmed, into the catalog and the numbers.
task<result<>> note(run_context& context, std::string target, change_list confirmed) {
  std::vector<std::pair<std::string, std::string>> digests;
  digests.reserve(confirmed.size());
  std::int64_t written = 0;
  for (change const* one : confirmed) {
    digests.emplace_back(one->key, one->digest);
    if (one->what == change::kind::upsert) ++written;
  }
  auto const kept =
      co_await context.facts.write([target = std::move(target), digests = std::move(digests)](
                                       database& db) { confirm_published(db, target, digests); });
  if (!kept) co_return kept;
  context.counts<event_counts>().rows_written += written;
  context.counts<event_counts>().rows_removed +=
      static_cast<std::int64_t>(confirmed.size()) - written;
  instruments::global().published_rows.add(static_cast<std::uint64_t>(written));
  auto& board = context.board(step::publish);
  board.done = context.counts<event_counts>().rows_written;
  board.pending =
      std::max<std::int64_t>(board.pending - static_cast<std::int64_t>(confirmed.size()), 0);
  co_return kept;
}

}  // namespace

task<result<>> to_d1(run_context& context, std::vector<row> rows) {
  auto* const d1 = context.outside->gear<event_gear>().d1.get();
  if (d1 == nullptr) {
    co_return fail(errc::config_invalid, missing_for_d1(context.settings.of<d1_config>()));
  }
  auto const target = name_in_catalog(publish_target::d1, context.settings);
  auto known =
      co_await context.facts.read([target](database& db) { return published_digests(db, target); });
  if (!known) co_return std::unexpected(known.error());
  bool const is_first =
      std::ranges::all_of(*known, [](auto const& one) { return one.second == unconfirmed; });
  auto const count = static_cast<std::int64_t>(rows.size());
  auto const changes = co_await on_cpu(context, [rows = std::move(rows), known = std::move(*known),
                                                 full = context.asked<sync_job>().wish.full] {
    return difference(rows, known, full);
  });
  context.counts<event_counts>().rows_unchanged +=
      count - std::ranges::count(changes, change::kind::upsert, &change::what);
  if (changes.empty() && !is_first) co_return result<>{};
  context.board(step::publish).pending = static_cast<std::int64_t>(changes.size());
  auto marks = marks_of(changes);
  auto const intended = co_await context.facts.write(
      [target, marks = std::move(marks)](database& db) { intend_published(db, target, marks); });
  if (!intended) co_return intended;
  co_return co_await export_to_d1(
      *d1, context.cpu, changes,
      {.prepare = is_first || context.asked<sync_job>().wish.full
                      ? preparation_sql(context.settings.store)
                      : std::string{},
       .way = std::cmp_greater_equal(changes.size(), context.settings.of<d1_config>().import_from)
                  ? d1_way::import
                  : d1_way::query,
       .stopping = [&context] { return context.draining; },
       .confirm = [&context,
                   &target](change_list confirmed) { return note(context, target, confirmed); }});
}

}  // namespace vinny
