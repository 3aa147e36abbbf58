// SPDX-License-Identifier: MIT
#include "http/wire/watchdog.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace vinny {

struct watchdog::state : std::enable_shared_from_this<state> {
  state(asio::any_io_executor const& loop, std::function<void()> what)
      : timer(loop), strike(std::move(what)) {}

  void wait() {
    waits_until = limit;
    timer.expires_at(limit);
    timer.async_wait([self = shared_from_this()](boost::system::error_code const& error) {
      if (error) return;  // waited for again, or nobody is there any more
      self->waits_until = no_deadline;
      self->look();
    });
  }
  void look() {
    if (limit == no_deadline) return;
    if (clock::now() < limit) return wait();
    strike();
  }

  asio::steady_timer timer;
  std::function<void()> strike;
  deadline limit = no_deadline;
  deadline waits_until = no_deadline;  // the wait that is under way
};

watchdog::watchdog(asio::any_io_executor const& loop, std::function<void()> strike)
    : state_(std::make_shared<state>(loop, std::move(strike))) {}

watchdog::~watchdog() {
  rest();
}

void watchdog::guard(deadline limit) {
  state_->limit = limit;
  if (limit < state_->waits_until) state_->wait();
}

void watchdog::rest() {
  state_->limit = state_->waits_until = no_deadline;
  state_->timer.cancel();  // a loop that has nothing else to do would wait for it
}

bool watchdog::passed() const noexcept {
  return clock::now() >= state_->limit;
}

}  // namespace vinny
