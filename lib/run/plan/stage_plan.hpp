// SPDX-License-Identifier: MIT
//
// The decisions of the worker loop, without the loop: plain values in, an action out. Pure;
// run/stage.hpp does what they say.
#pragma once

#include <chrono>
#include <cstdint>

#include "core/failure.hpp"
#include "core/time.hpp"

namespace vinny {

/// What a failure means for its item.
struct settlement {
  enum class action {
    nothing,   // shutting down: the item stays as it is
    halt,      // the operator must act: nobody goes on
    postpone,  // again at `due`
    give_up    // never again in this run
  };
  action what = action::nothing;
  int attempts = 0;  // with this one, unless it cost none
  instant due{};     // of postpone

  friend bool operator==(settlement const&, settlement const&) = default;
};

/// `attempts`: before this one, of `allowed` in all. `chance`: from 0 to 1, spreads what comes
/// back.
[[nodiscard]] settlement settle(failure const& why, int attempts, int allowed, instant now,
                                double chance);

/// A stage that could claim nothing, and that has looked at its list.
struct idle_stage {
  std::int64_t pending = 0;              // on the list
  std::chrono::milliseconds due_in{};    // the earliest of them; meaningless when there is none
  std::int64_t active = 0;               // in hand
  bool more_may_come = false;            // from the stage before
  std::chrono::milliseconds patience{};  // how long to wait for what is not due
  bool disk_is_low = false;              // and the stage fetches
  std::chrono::milliseconds disk_low_for{};
  bool alone = false;  // no daemon: it does not wait for room for ever
};
enum class idle_action {
  wait,           // for news, or until something is due
  end,            // nothing is left, and nothing can come
  leave,          // what is left is for a later run
  wait_for_room,  // on the disk
  no_room         // the operator must make some
};
[[nodiscard]] idle_action when_idle(idle_stage const& stage) noexcept;

}  // namespace vinny
