// SPDX-License-Identifier: MIT
#include "events/store/validate_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "events/model/event_counts.hpp"
#include "events/tables/objects.hpp"
#include "policy/backoff.hpp"
#include "policy/classify.hpp"
#include "run/stage.hpp"
#include "task/queue.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

/// What asking the store about everything has found.
struct validation {
  std::int64_t checked = 0;
  std::int64_t lost = 0;     // no longer there
  std::int64_t changed = 0;  // something else is there
  std::optional<failure> stopped{};
};

/// One object; a transient failure is tried again.
task<result<std::optional<stored_object>>> ask_store(object_store& store, std::string key,
                                                     ask_patience patience) {
  for (int attempt = 1;; ++attempt) {
    auto found = co_await store.head(key, within(std::chrono::minutes{5}));
    if (found || classify(found.error().code) != verdict::retry || attempt > patience.retries) {
      co_return found;
    }
    auto pause = backoff(attempt, 1.0);
    if (found.error().retry_at) {
      pause = std::max(pause, std::chrono::milliseconds{*found.error().retry_at - now()});
    }
    if (pause > patience.longest_pause) co_return found;
    co_await sleep_for(pause);
  }
}

task<> validate_one(run_context& context, confirmed_object one, validation& sum) {
  auto const state = co_await check_object(context.facts, context.store, std::move(one),
                                           {.retries = context.settings.store.retries,
                                            .longest_pause = context.settings.politeness.patience});
  if (!state) {
    if (!sum.stopped) sum.stopped = state.error();
    co_return;
  }
  ++sum.checked;
  if (*state == object_state::same) {
    ++context.counts<event_counts>().objects_unchanged;
    instruments::global().store_skipped.add();
  } else {
    ++(*state == object_state::lost ? sum.lost : sum.changed);
    ++(*state == object_state::lost ? context.counts<event_counts>().objects_lost
                                    : context.counts<event_counts>().objects_changed);
  }
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

}  // namespace

task<result<object_state>> check_object(catalog& facts, object_store& store, confirmed_object one,
                                        ask_patience patience) {
  auto const found = co_await ask_store(store, one.id.key(), patience);
  if (!found) co_return std::unexpected(found.error());
  auto const& there = *found;
  // An ETag is the store's own name for the content: another one is other content.
  bool const same = there && there->bytes == one.bytes &&
                    (there->etag.empty() || one.etag.empty() || there->etag == one.etag);
  if (same) co_return object_state::same;
  auto const noted = co_await facts.write([one](database& db) {
    bool const holds = is_still_confirmed(db, one);
    if (holds) object_missing(db, one.id);
    return holds;
  });
  if (!noted) co_return std::unexpected(noted.error());
  if (!*noted) co_return object_state::same;  // a newer file has been put meanwhile
  log(log_level::warn, "upload",
      there ? "the store has something else under a key; the object is put again"
            : "the store has lost an object; it is put again",
      field("key", one.id.key()));
  co_return there ? object_state::changed : object_state::lost;
}

task<result<>> validate_store(run_context& context) {
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

}  // namespace vinny
