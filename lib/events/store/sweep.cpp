// SPDX-License-Identifier: MIT
#include "events/store/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "blob/store_name.hpp"
#include "catalog/notes.hpp"
#include "core/text.hpp"
#include "events/stages/event_gear.hpp"
#include "events/stages/sync_job.hpp"
#include "events/store/validate_store.hpp"
#include "events/tables/objects.hpp"
#include "observe/log.hpp"
#include "policy/classify.hpp"
#include "policy/sweep_pace.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto between_repairs = 1h;
constexpr char const* cursor_note = "swept_to";

class sweeper {
 public:
  explicit sweeper(engine& work) : work_(work) {}

  /// Asks about the next objects; how long to wait before those after them.
  task<std::chrono::milliseconds> step() {
    auto const settings = work_.settings();
    auto const seconds = settings->store.sweep_s;
    if (seconds == 0 || is_busy()) co_return 5 * shortest_sweep_pause;
    // Another store has been configured: the next run puts everything there.
    auto const whose = co_await work_.facts().read(
        [store = store_name(*settings)](database& db) { return whose_ledger(db, store); });
    if (!whose || *whose != ledger_of::this_store) co_return longest_sweep_pause;
    auto rows = co_await next(seconds);
    if (!rows) co_return longest_sweep_pause;
    auto pause = sweep_pace(total_, seconds).pause;
    auto const outside = work_.hold_outside();  // a reload may make another one meanwhile
    if (rows->empty()) {
      auto const dropped = co_await outside->store->drop_leftovers(within(5min));
      if (!dropped) tell("multipart uploads were not looked at", dropped.error());
      begin_anew();
    }
    for (auto& one : *rows) {
      if (is_busy()) break;
      auto const id = one.id;
      auto const state = co_await check_object(work_.facts(), *outside->store, std::move(one), {});
      if (!state) {
        tell("the store was not asked", state.error());
        pause = longest_sweep_pause;
        if (classify(state.error().code) == verdict::halt) break;
      }
      remember(id);
      if (!state) break;
    }
    co_await repair();
    co_return pause;
  }

 private:
  [[nodiscard]] bool is_busy() const {
    return work_.is_taken(event_gear::system) || work_.draining();
  }
  static void tell(std::string_view what, failure const& why) {
    log(log_level::info, "sweep", fmt::format("{}: {}", what, why.message),
        field("reason", why.code));
  }

  /// The next objects by the order of their ids; none: the round is complete.
  task<result<std::vector<confirmed_object>>> next(std::int64_t seconds) {
    if (total_ < 0) {
      auto const begun = co_await work_.facts().read([](database& db) {
        auto const note = read_note(db, cursor_note).value_or("");
        auto const at = split(note, '\n');
        rendition_id after;
        if (at.size() == 3) {
          after = {std::string{at[0]}, std::string{at[1]}, std::string{at[2]}};
        }
        return std::pair{db.number("SELECT count(*) FROM objects"), after};
      });
      if (!begun) co_return std::unexpected(begun.error());
      std::tie(total_, after_) = *begun;
    }
    auto const count = sweep_pace(total_, seconds).objects;
    co_return co_await work_.facts().read(
        [after = after_, count](database& db) { return confirmed_objects(db, after, count); });
  }

  void begin_anew() {
    log(log_level::debug, "sweep", "the store was asked about every object",
        field("objects", total_));
    remember({});
    total_ = -1;
  }

  void remember(rendition_id id) {
    after_ = id;
    work_.facts().note([id = std::move(id)](database& db) {
      set_note(db, cursor_note, id.venue_tag + '\n' + id.artist_slug + '\n' + id.size);
    });
  }

  /// What waits for the store although it was published once: found by the sweep, now or before
  /// the daemon ended.
  task<> repair() {
    if (is_busy() || clock::now() < next_repair_) co_return;
    auto const lost = co_await work_.facts().read([](database& db) {
      return db.number(
          "SELECT count(*) FROM renditions WHERE state = 'done' AND stored = 0 AND versioned = 1");
    });
    if (!lost || *lost == 0 || is_busy()) co_return;
    auto const run = co_await work_.start(std::make_shared<sync_job>(
        sync_request{.scrape = false,
                     .images = false,
                     .upload = true,
                     .publish = work_.outside().gear<event_gear>().d1 != nullptr}));
    if (!run) {
      tell("objects are not put again yet", run.error());
      co_return;
    }
    log(log_level::warn, "sweep", "objects are put again", field("objects", *lost),
        field("run", *run));
    next_repair_ = within(between_repairs);
  }

  engine& work_;
  rendition_id after_;
  std::int64_t total_ = -1;  // of this round; -1: not begun
  deadline next_repair_ = deadline::min();
};

}  // namespace

task<> sweep(engine& work) {
  sweeper all{work};
  for (;;) co_await sleep_for(co_await all.step());
}

}  // namespace vinny
