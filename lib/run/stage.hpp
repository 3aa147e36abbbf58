// SPDX-License-Identifier: MIT
//
// The only worker loop: claim, run, switch on the verdict, one catalog transaction, numbers, one
// log line. A stage says what its work is; everything about doing it in order, at once, again or
// not at all is here.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "observe/log.hpp"
#include "run/context.hpp"
#include "run/lost.hpp"
#include "run/plan/stage_plan.hpp"
#include "task/queue.hpp"
#include "task/task_group.hpp"

namespace vinny {

/// What is left on a stage's work list.
struct work_outlook {
  std::int64_t pending = 0;
  std::int64_t next_due_ms = 0;  // the earliest; meaningless when nothing is pending
};

struct stage_options {
  int workers = 1;
  std::chrono::milliseconds patience{};  // how long to wait for work that is not due yet
  bool fetches = false;                  // pauses while the disk is nearly full
  /// Until when more work may come from the stage before; false: no more.
  std::function<bool()> more_may_come = [] { return false; };
};

template <class S>
concept stage =
    requires(S s, typename S::input const& in, typename S::output out, failure why,
             std::size_t limit, int attempts, std::int64_t due_ms, deadline give_up_at) {
      { S::step } -> std::convertible_to<run_step>;
      // The next items that are due and not claimed yet; release() ends a claim.
      { s.claim(limit) } -> std::same_as<task<result<std::vector<typename S::input>>>>;
      { s.release(in) };
      { s.outlook() } -> std::same_as<task<result<work_outlook>>>;
      { s.run(in, give_up_at) } -> std::same_as<task<result<typename S::output>>>;
      // One transaction each.
      { s.finish(in, std::move(out)) } -> std::same_as<task<result<>>>;
      { s.postpone(in, why, attempts, due_ms) } -> std::same_as<task<result<>>>;
      // True: something is lost by it; false: the work goes on another way.
      { s.give_up(in, why, attempts) } -> std::same_as<task<result<bool>>>;
      { s.address(in) } -> std::convertible_to<std::string>;  // for logs: without a query
      { in.attempts } -> std::convertible_to<int>;
      { s.attempts_allowed(in) } -> std::convertible_to<int>;  // in all
    };

namespace detail {

template <stage S>
class stage_runner {
 public:
  stage_runner(run_context& context, S& what, stage_options options)
      : context_(context),
        stage_(what),
        options_(std::move(options)),
        board_(context.board(S::step)),
        window_(static_cast<std::size_t>(options_.workers)) {}

  task<result<>> run() {
    auto& wake = context_.waker(S::step);
    auto fed = co_await with_group([&](task_group& workers) -> task<result<>> {
      for (int i = 0; i < options_.workers; ++i) {
        workers.spawn(fmt::format("{} worker {}", name(S::step), i), work(wake));
      }
      auto out = co_await feed(wake);
      window_.close();
      co_return out;
    });
    if (halt_) co_return std::unexpected(*halt_);
    co_return fed;
  }

 private:
  task<result<>> feed(condition& wake) {
    auto next_outlook =
        clock::now();  // counting a long list at each claim would cost more than the claim
    for (;;) {
      if (halt_ || context_.draining) co_return result<>{};
      auto const seen = wake.notices();
      auto const news = [&] { return wake.notices() != seen; };
      auto const room = window_.capacity() - std::min(window_.size(), window_.capacity());
      bool const upstream = options_.more_may_come();
      std::size_t taken = 0;
      bool const paused = options_.fetches && context_.disk.low();
      if (room > 0 && !paused) {
        auto claimed = co_await stage_.claim(room);
        if (!claimed) co_return stopped(claimed.error());
        taken = claimed->size();
        for (auto& item : *claimed) {
          ++board_.active;
          if (!co_await window_.push(std::move(item))) co_return result<>{};
        }
      }
      auto const began = clock::now();
      if (began < next_outlook && (taken > 0 || board_.active > 0)) {
        if (taken == 0 && !news()) co_await wake.wait(within(poll_));
        continue;
      }
      auto const outlook = co_await stage_.outlook();
      if (!outlook) co_return stopped(outlook.error());
      next_outlook = clock::now() + std::max<clock::duration>(poll_, 20 * (clock::now() - began));
      board_.pending = std::max<std::int64_t>(outlook->pending - board_.active, 0);
      if (taken > 0) continue;
      auto const due_in = std::chrono::milliseconds{outlook->next_due_ms - to_ms(now())};
      if (!paused) paused_since_.reset();
      switch (when_idle({.pending = outlook->pending,
                         .due_in = due_in,
                         .active = board_.active,
                         .more_may_come = upstream,
                         .patience = options_.patience,
                         .disk_is_low = paused,
                         .disk_low_for = paused ? paused_for() : std::chrono::milliseconds{},
                         .alone = context_.alone})) {
        case idle_action::end:
          co_return result<>{};
        case idle_action::no_room:
          co_return stopped(context_.disk.why());
        case idle_action::leave:
          context_.deferred += outlook->pending;
          leave(outlook->pending, due_in);
          co_return result<>{};
        case idle_action::wait_for_room:
          co_await wake.wait(within(look_at_disk_));
          continue;
        case idle_action::wait:
          break;
      }
      if (!news()) co_await wake.wait(within(poll_));
    }
  }

  task<> work(condition& wake) {
    while (auto item = co_await window_.pop()) {
      if (!halt_ && !context_.draining) co_await handle(*item);
      stage_.release(*item);
      --board_.active;
      wake.notify_all();
    }
  }

  task<> handle(typename S::input const& item) {
    auto const began = clock::now();
    auto out = co_await stage_.run(item, within(longest_item_));
    result<> recorded;
    if (out) {
      recorded = co_await stage_.finish(item, std::move(*out));
      if (recorded) {
        ++board_.done;
        instruments::global().of(S::step).done.add();
        log(log_level::debug, name(S::step), "done", field("url", stage_.address(item)),
            field("seconds", clock::now() - began));
        co_return;
      }
    } else {
      recorded = co_await act_on(item, out.error());
    }
    if (!recorded) halt(recorded.error());
  }

  /// Does what the failure means for the item.
  task<result<>> act_on(typename S::input const& item, failure const& why) {
    auto const plan = settle(why, item.attempts, stage_.attempts_allowed(item), now(), chance());
    switch (plan.what) {
      case settlement::action::nothing:
        co_return result<>{};
      case settlement::action::halt:
        halt(why);
        co_return result<>{};
      case settlement::action::postpone:
        put_off_ = why.message;
        log(log_level::debug, name(S::step), "again later", field("url", stage_.address(item)),
            field("reason", why.code), field("attempt", plan.attempts),
            field("due", to_rfc3339(plan.due)));
        co_return co_await stage_.postpone(item, why, plan.attempts, to_ms(plan.due));
      case settlement::action::give_up:
        break;
    }
    auto const lost = co_await stage_.give_up(item, why, plan.attempts);
    if (!lost) co_return std::unexpected(lost.error());
    if (*lost) {
      tell_lost(context_, S::step, why, stage_.address(item), plan.attempts);
    } else {
      log(log_level::info, name(S::step), why.message, field("url", stage_.address(item)),
          field("reason", why.code), field("attempts", plan.attempts));
    }
    co_return result<>{};
  }

  /// For how long the disk has been nearly full; said once.
  std::chrono::milliseconds paused_for() {
    if (!paused_since_) {
      paused_since_ = clock::now();
      log(log_level::warn, name(S::step),
          "nothing is fetched for now: " + context_.disk.why().message);
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - *paused_since_);
  }

  void leave(std::int64_t items, std::chrono::milliseconds due_in) {
    auto const why = put_off_.empty() ? std::string{} : ": " + put_off_;
    log(log_level::warn, name(S::step), "work left for a later run" + why, field("items", items),
        field("due_in", due_in));
    if (why.empty()) return;
    context_.remarks.push_back(
        fmt::format("{}: {} left for a later run{}", name(S::step), items, why));
  }

  void halt(failure const& why) {
    if (halt_) return;
    halt_ = why;
    board_.halted = true;
    log(log_level::error, name(S::step), "the stage stops: " + why.message,
        field("reason", why.code));
    context_.waker(S::step).notify_all();
  }
  result<> stopped(failure const& why) {
    halt(why);
    return std::unexpected(why);
  }

  double chance() { return std::uniform_real_distribution<>{0.0, 1.0}(random_); }

  static constexpr std::chrono::milliseconds poll_{250};
  static constexpr std::chrono::minutes longest_item_{15};
  static constexpr std::chrono::seconds look_at_disk_{1};

  run_context& context_;
  S& stage_;
  stage_options options_;
  stage_board& board_;
  queue<typename S::input> window_;
  std::optional<failure> halt_;
  std::string put_off_;                            // why the last item was
  std::optional<clock::time_point> paused_since_;  // the disk is nearly full
  std::mt19937 random_{std::random_device{}()};
};

}  // namespace detail

/// Works a stage's list until it is empty and no more can come, its hosts want a longer rest than
/// `patience`, or a failure needs the operator (then that failure).
template <stage S>
[[nodiscard]] task<result<>> run_stage(run_context& context, S& what, stage_options options) {
  detail::stage_runner<S> runner{context, what, std::move(options)};
  co_return co_await runner.run();
}

}  // namespace vinny
