// SPDX-License-Identifier: MIT
//
// A condition variable for coroutines: first come, first woken. Everything else that waits is
// built on it.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <list>

#include "task/task.hpp"

namespace vinny {

class condition {
 public:
  condition() = default;
  condition(condition const&) = delete;
  condition& operator=(condition const&) = delete;

  /// Waits to be notified. False: the deadline came first. The caller re-checks its condition
  /// either way. A cancelled wait throws operation_aborted; when it was notified already, it passes
  /// the notice on.
  [[nodiscard]] task<bool> wait(deadline limit = no_deadline);
  void notify_one();
  void notify_all();
  [[nodiscard]] std::size_t waiting() const noexcept { return waiters_.size(); }
  /// How often notify_all() was called: compare before and after other work to
  /// see whether a notice was missed.
  [[nodiscard]] std::uint64_t notices() const noexcept { return notices_; }

 private:
  struct waiter {
    asio::steady_timer timer;
    bool notified = false;
  };
  class place;
  std::list<waiter*> waiters_;
  std::uint64_t notices_ = 0;
};

}  // namespace vinny
