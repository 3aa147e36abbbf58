// SPDX-License-Identifier: MIT
#include "captures/stages/capture_care.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "captures/model/capture_counts.hpp"
#include "captures/model/thumbnail.hpp"
#include "captures/stages/capture_limits.hpp"
#include "captures/tables/captures.hpp"
#include "catalog/notes.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/ulid.hpp"
#include "observe/log.hpp"
#include "policy/classify.hpp"
#include "policy/sweep_pace.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto store_time = 60s;
constexpr auto never_recorded = 15min;
constexpr auto between_removals = 5s;
constexpr auto after_failure = 1min;
constexpr auto between_rounds = 1h;
constexpr char const* care_note = "thumbnails_swept_to";
constexpr std::size_t doomed_at_once = 100;
constexpr std::size_t checked_at_once = 500;

/// Removes the objects of one page that nobody names; how many.
task<result<std::int64_t>> remove_strangers(catalog& facts, object_store& store,
                                            object_listing const& page) {
  auto strangers = co_await facts.read([&page](database& db) {
    std::vector<std::string> out;
    auto const tag = known_catalog_tag(db);
    for (auto const& one : page.objects) {
      auto const named = read_thumbnail_key(one.key);
      // Another catalog may use the same bucket.
      bool const ours = named && tag && named->tail.starts_with(*tag);
      if (ours && !is_known_object(db, named->capture, one.key)) out.push_back(one.key);
    }
    return out;
  });
  if (!strangers) co_return std::unexpected(strangers.error());
  for (auto const& key : *strangers) {
    auto const removed = co_await store.remove(key, within(store_time));
    if (!removed) co_return std::unexpected(removed.error());
    log(log_level::info, "captures", "an object that nothing names was removed", field("key", key));
    instruments::global().thumbnails_repaired.add();
  }
  co_return static_cast<std::int64_t>(strangers->size());
}

task<result<std::int64_t>> remove_all_strangers(catalog& facts, object_store& store) {
  std::int64_t removed = 0;
  std::string from;
  do {
    auto page = co_await store.list(std::string{thumbnail_folder}, from, within(store_time));
    if (!page) co_return std::unexpected(page.error());
    auto const more = co_await remove_strangers(facts, store, *page);
    if (!more) co_return more;
    removed += *more;
    from = std::move(page->next);
  } while (!from.empty());
  co_return removed;
}

/// So many at once; how many were lost.
task<result<std::int64_t>> check_all(catalog& facts, object_store& store,
                                     std::vector<stored_thumbnail> const& all, int at_once) {
  std::size_t next = 0;
  std::int64_t lost = 0;
  std::optional<failure> stopped;
  auto const worker = [&]() -> task<> {
    while (next < all.size() && !stopped) {
      auto const state = co_await check_thumbnail(facts, store, all[next++], within(store_time));
      if (!state) stopped = state.error();
      if (state && *state) ++lost;
    }
  };
  co_await with_group([&](task_group& group) -> task<bool> {
    for (int i = 0; i < at_once; ++i) group.spawn("thumbnails", worker());
    co_return true;
  });
  if (stopped) co_return std::unexpected(*stopped);
  co_return lost;
}

/// What was uploaded is nowhere else: that it is gone can only be said.
task<result<>> check_uploads(run_context& context) {
  for (std::int64_t after = 0; !context.draining;) {
    auto const rows = co_await context.facts.read(
        [after](database& db) { return uploaded_captures(db, after, checked_at_once); });
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->empty()) break;
    after = rows->back().id;
    for (auto const& one : *rows) {
      auto const there = co_await context.store.head(one.location, within(store_time));
      if (!there) co_return std::unexpected(there.error());
      if (*there) continue;
      ++context.counts<capture_counts>().uploads_lost;
      log(log_level::warn, "captures", "the store has lost an upload", field("capture", one.id),
          field("key", one.location));
    }
  }
  co_return result<>{};
}

/// The daemon's slow round over all thumbnails.
class caretaker {
 public:
  explicit caretaker(engine& work) : work_(work) {}

  /// Does what is due; how long to wait before the next step.
  task<std::chrono::milliseconds> step() {
    if (work_.draining()) co_return between_removals;
    auto const outside = work_.hold_outside();
    auto const removed = co_await remove_doomed(work_.facts(), *outside->store);
    if (!removed) co_return put_off("objects are not removed yet", removed.error());
    auto const seconds = outside->settings->store.sweep_s;
    if (seconds == 0 || clock::now() < next_check_) co_return between_removals;
    auto rows = co_await next(seconds);
    if (!rows) co_return put_off("the catalog does not answer", rows.error());
    next_check_ = within(sweep_pace(total_, seconds).pause);
    if (rows->empty()) {
      auto const strangers = co_await remove_all_strangers(work_.facts(), *outside->store);
      if (!strangers) co_return put_off("the store was not listed", strangers.error());
      remember({0, {}});
      total_ = -1;
      next_check_ = within(between_rounds);
      co_return between_removals;
    }
    auto const lost = co_await check_all(work_.facts(), *outside->store, *rows, 1);
    if (!lost) co_return put_off("the store was not asked", lost.error());
    remember({rows->back().capture, rows->back().label});
    co_return between_removals;
  }

 private:
  static std::chrono::milliseconds put_off(std::string_view what, failure const& why) {
    log(log_level::info, "captures", fmt::format("{}: {}", what, why.message),
        field("reason", why.code));
    return after_failure;
  }

  task<result<std::vector<stored_thumbnail>>> next(std::int64_t seconds) {
    if (total_ < 0) {
      auto const begun = co_await work_.facts().read([](database& db) {
        auto const note = read_note(db, care_note).value_or("");
        auto const at = split(note, '\n');
        std::pair<std::int64_t, std::string> after;
        if (at.size() == 2) {
          std::from_chars(at[0].data(), at[0].data() + at[0].size(), after.first);
          after.second = at[1];
        }
        return std::pair{db.number("SELECT count(*) FROM thumbnails"), after};
      });
      if (!begun) co_return std::unexpected(begun.error());
      std::tie(total_, after_) = *begun;
    }
    co_return co_await work_.facts().read(
        [after = after_, count = sweep_pace(total_, seconds).objects](database& db) {
          return stored_thumbnails(db, after, count);
        });
  }

  void remember(std::pair<std::int64_t, std::string> after) {
    after_ = std::move(after);
    work_.facts().note([after = after_](database& db) {
      set_note(db, care_note, fmt::format("{}\n{}", after.first, after.second));
    });
  }

  engine& work_;
  std::pair<std::int64_t, std::string> after_;
  std::int64_t total_ = -1;  // of this round; -1: not begun
  deadline next_check_ = deadline::min();
};

}  // namespace

task<result<capture>> store_upload(engine& work, std::string collection, std::string bytes) {
  auto const limits = capture_limits_of(*work.settings());
  struct looked_at {
    image_type type;
    std::string sha256;
    std::string bytes;
  };
  auto seen = co_await offload(work.cpu(),
                               [limits, bytes = std::move(bytes)]() mutable -> result<looked_at> {
                                 auto const info = inspect(bytes, limits);
                                 if (!info) return std::unexpected(info.error());
                                 auto sha = sha256_hex(bytes);
                                 return looked_at{info->type, std::move(sha), std::move(bytes)};
                               });
  if (!seen) co_return std::unexpected(seen.error());
  capture out{.collection = std::move(collection), .origin = capture_origin::store, .location = {}};
  out.location = fmt::format("captures/{}.{}", to_lower(new_ulid()),
                             seen->type == image_type::png ? "png" : "jpg");
  out.bytes = static_cast<std::int64_t>(seen->bytes.size());
  out.etag = std::move(seen->sha256);
  out.modified_ms = to_ms(now());
  auto const outside = work.hold_outside();
  auto const doomed =
      co_await work.facts().write([key = out.location, due = to_ms(now() + never_recorded)](
                                      database& db) { doom_object(db, key, due); });
  if (!doomed) co_return std::unexpected(doomed.error());
  auto const put =
      co_await outside->store->put_bytes(out.location, std::move(seen->bytes), within(store_time));
  if (!put) co_return std::unexpected(put.error());
  co_return out;
}

task<result<bool>> check_thumbnail(catalog& facts, object_store& store, stored_thumbnail one,
                                   deadline limit) {
  if (!one.key.empty()) {
    auto const there = co_await store.head(one.key, limit);
    if (!there) co_return std::unexpected(there.error());
    if (*there) co_return false;
  }
  auto const lost = co_await facts.write([one](database& db) { return thumbnail_lost(db, one); });
  if (!lost) co_return std::unexpected(lost.error());
  if (*lost) {
    log(log_level::warn, "captures",
        "the store has lost a thumbnail; it is made again when it is "
        "asked for",
        field("key", one.key));
    instruments::global().thumbnails_repaired.add();
  }
  co_return *lost;
}

task<result<std::int64_t>> remove_doomed(catalog& facts, object_store& store) {
  std::int64_t removed = 0;
  for (;;) {
    auto const keys = co_await facts.read(
        [at = to_ms(now())](database& db) { return doomed_objects(db, at, doomed_at_once); });
    if (!keys) co_return std::unexpected(keys.error());
    if (keys->empty()) co_return removed;
    for (auto const& key : *keys) {
      auto const gone = co_await store.remove(key, within(store_time));
      if (!gone) co_return std::unexpected(gone.error());
    }
    auto const noted = co_await facts.write([keys = *keys](database& db) {
      for (auto const& key : keys) spare_object(db, key);
    });
    if (!noted) co_return std::unexpected(noted.error());
    removed += static_cast<std::int64_t>(keys->size());
  }
}

task<result<>> check_thumbnails(run_context& context) {
  auto const doomed = co_await remove_doomed(context.facts, context.store);
  if (!doomed) co_return std::unexpected(doomed.error());
  std::pair<std::int64_t, std::string> after;
  while (!context.draining) {
    auto const rows = co_await context.facts.read(
        [after](database& db) { return stored_thumbnails(db, after, checked_at_once); });
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->empty()) break;
    after = {rows->back().capture, rows->back().label};
    auto const lost =
        co_await check_all(context.facts, context.store, *rows, context.settings.store.concurrency);
    if (!lost) co_return std::unexpected(lost.error());
    context.counts<capture_counts>().thumbnails_checked += static_cast<std::int64_t>(rows->size());
    context.counts<capture_counts>().thumbnails_lost += *lost;
  }
  if (auto const asked = co_await check_uploads(context); !asked) co_return asked;
  auto const strangers = co_await remove_all_strangers(context.facts, context.store);
  if (!strangers) co_return std::unexpected(strangers.error());
  context.counts<capture_counts>().objects_unnamed += *strangers;
  co_return result<>{};
}

task<> care_for_captures(engine& work) {
  caretaker care{work};
  for (;;) co_await sleep_for(co_await care.step());
}

}  // namespace vinny
