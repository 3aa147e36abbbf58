// SPDX-License-Identifier: MIT
#include "http/wire/watchdog.hpp"

#include <boost/asio/steady_timer.hpp>

namespace vinny {

struct watchdog::state : std::enable_shared_from_this<state> {
  explicit state(asio::any_io_executor const& loop) : timer(loop) {}

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
    if (socket == nullptr || limit == no_deadline) return;
    if (clock::now() < limit) return wait();
    boost::system::error_code ignored;
    socket->cancel(ignored);
  }

  asio::steady_timer timer;
  asio::ip::tcp::socket* socket = nullptr;
  deadline limit = no_deadline;
  deadline waits_until = no_deadline;  // the wait that is under way
};

watchdog::watchdog(asio::any_io_executor const& loop) : state_(std::make_shared<state>(loop)) {}

watchdog::~watchdog() {
  rest();
}

void watchdog::guard(asio::ip::tcp::socket& socket, deadline limit) {
  state_->socket = &socket;
  state_->limit = limit;
  if (limit < state_->waits_until) state_->wait();
}

void watchdog::rest() {
  state_->socket = nullptr;
  state_->limit = state_->waits_until = no_deadline;
  state_->timer.cancel();  // a loop that has nothing else to do would wait for it
}

bool watchdog::passed() const noexcept {
  return state_->socket != nullptr && clock::now() >= state_->limit;
}

}  // namespace vinny
