// SPDX-License-Identifier: MIT
//
// The deadline of whatever a socket waits for. Moving it costs no timer: one wait is under way at
// most, and looks when it ends whether it may go on. On the loop.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <memory>

#include "task/task.hpp"

namespace vinny {

class watchdog {
 public:
  explicit watchdog(asio::any_io_executor const& loop);
  ~watchdog();
  watchdog(watchdog const&) = delete;
  watchdog& operator=(watchdog const&) = delete;

  /// From now on, when `limit` passes, what the socket waits for is cancelled; until rest().
  void guard(asio::ip::tcp::socket& socket, deadline limit);
  void rest();
  /// The limit has passed: also when the socket never had to wait.
  [[nodiscard]] bool passed() const noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace vinny
