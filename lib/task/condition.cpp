// SPDX-License-Identifier: MIT
#include "task/condition.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace vinny {

/// A waiter's place in the line, given up however its coroutine ends.
class condition::place {
 public:
  place(condition& owner, waiter& self) : owner_(owner), self_(self) {
    owner_.waiters_.push_back(&self_);
  }
  place(place const&) = delete;
  place& operator=(place const&) = delete;
  ~place() {
    if (!self_.notified) {
      owner_.waiters_.remove(&self_);
    } else if (!resumed_) {
      owner_.notify_one();
    }
  }
  void resumed() noexcept { resumed_ = true; }

 private:
  condition& owner_;
  waiter& self_;
  bool resumed_ = false;
};

task<bool> condition::wait(deadline limit) {
  waiter self{.timer = asio::steady_timer{co_await asio::this_coro::executor, limit}};
  place seat{*this, self};
  co_await self.timer.async_wait(as_values);
  // A terminal cancellation lets this co_await return once, and only the next one would throw. By
  // then the caller could have taken what the notice is for, so the wait itself must throw.
  auto const state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error{asio::error::operation_aborted};
  }
  seat.resumed();
  co_return self.notified;
}

void condition::notify_one() {
  if (waiters_.empty()) return;
  auto* const next = waiters_.front();
  waiters_.pop_front();
  next->notified = true;
  next->timer.cancel();
}

void condition::notify_all() {
  ++notices_;
  for (auto count = waiters_.size(); count > 0; --count) notify_one();
}

}  // namespace vinny
