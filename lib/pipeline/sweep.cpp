// SPDX-License-Identifier: MIT
#include "pipeline/sweep.hpp"

#include <algorithm>
#include <tuple>

#include "catalog/objects.hpp"
#include "core/text.hpp"
#include "observe/log.hpp"
#include "pipeline/validate_store.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds shortest_pause = 1s;
constexpr std::chrono::milliseconds longest_pause = 10min;
constexpr char const* cursor_note = "swept_to";

class sweeper {
 public:
  explicit sweeper(engine& work) : work_(work) {}

  /// Asks about the next objects; how long to wait before those after them.
  task<std::chrono::milliseconds> step() {
    auto const seconds = work_.settings()->store.sweep_s;
    if (seconds == 0 || work_.is_running() || work_.draining()) co_return 5 * shortest_pause;
    auto rows = co_await next(seconds);
    if (!rows) co_return longest_pause;
    auto const share = sweep_pace(total_, seconds);
    // Another store has been configured: the next run puts everything there.
    if (store_ != store_name(*work_.settings())) total_ = -1;
    if (rows->empty() || total_ < 0) co_return share.pause;
    // A reload may make another world meanwhile: this one is held.
    auto const outside = work_.hold_outside();
    for (auto& one : *rows) {
      if (work_.is_running() || work_.draining()) co_return share.pause;
      auto const id = one.id;
      auto const state = co_await check_object(work_.facts(), *outside->store, std::move(one), {});
      if (!state) {
        log(log_level::info, "sweep", "the store was not asked: " + state.error().message,
            field("reason", state.error().code));
        co_return longest_pause;
      }
      if (*state != object_state::same) ++bad_;
      remember(id);
    }
    if (bad_ > 0) co_await repair();
    co_return share.pause;
  }

 private:
  /// The next objects by the order of their ids; none: the round is complete, and begins anew.
  task<result<std::vector<confirmed_object>>> next(std::int64_t seconds) {
    if (total_ < 0) {
      auto const begun = co_await work_.facts().read([](database& db) {
        auto const at = split(
            db.text("SELECT value FROM notes WHERE name = ?", cursor_note).value_or("\n\n"), '\n');
        rendition_id after;
        if (at.size() == 3) {
          after = {std::string{at[0]}, std::string{at[1]}, std::string{at[2]}};
        }
        return std::tuple{db.number("SELECT count(*) FROM objects"), after, ledger_store(db)};
      });
      if (!begun) co_return std::unexpected(begun.error());
      std::tie(total_, after_, store_) = *begun;
    }
    auto const count = sweep_pace(total_, seconds).objects;
    auto rows = co_await work_.facts().read(
        [after = after_, count](database& db) { return confirmed_objects(db, after, count); });
    if (rows && rows->empty()) {
      log(log_level::debug, "sweep", "the store was asked about every object",
          field("objects", total_));
      remember({});
      total_ = -1;
    }
    co_return rows;
  }

  void remember(rendition_id id) {
    after_ = id;
    work_.facts().note([id = std::move(id)](database& db) {
      db.execute(
          "INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = "
          "excluded.value",
          cursor_note, id.venue_tag + '\n' + id.artist_slug + '\n' + id.size);
    });
  }

  task<> repair() {
    auto const& d1 = work_.settings()->d1;
    bool const publish = !d1.database_id.empty() && !d1.api_token.empty();
    auto const run = co_await work_.start(
        {.scrape = false, .images = false, .upload = true, .publish = publish});
    if (!run) co_return;  // one has begun meanwhile: that one puts them
    log(log_level::warn, "sweep", "objects are put again", field("objects", bad_),
        field("run", *run));
    bad_ = 0;
  }

  engine& work_;
  rendition_id after_;
  std::int64_t total_ = -1;  // of this round; -1: not begun
  std::int64_t bad_ = 0;
  std::string store_;  // that the ledger is of
};

}  // namespace

sweep_share sweep_pace(std::int64_t total, std::int64_t seconds) {
  auto const share = std::chrono::milliseconds{seconds * 1000 / std::max<std::int64_t>(total, 1)};
  auto const pause = std::clamp(share, shortest_pause, longest_pause);
  auto const objects =
      (pause.count() * std::max<std::int64_t>(total, 1) + seconds * 1000 - 1) / (seconds * 1000);
  return {static_cast<std::size_t>(std::max<std::int64_t>(objects, 1)), pause};
}

task<> sweep(engine& work) {
  sweeper all{work};
  for (;;) co_await sleep_for(co_await all.step());
}

}  // namespace vinny
