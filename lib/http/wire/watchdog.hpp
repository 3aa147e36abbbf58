// SPDX-License-Identifier: MIT
//
// The deadline of whatever is waited for. Moving it costs no timer: one wait is under way at most,
// and looks when it ends whether it may go on. On the loop.
#pragma once

#include <functional>
#include <memory>

#include "task/task.hpp"

namespace vinny {

class watchdog {
 public:
  /// `strike` ends the wait when a limit passes; it must stay callable until this dies.
  watchdog(asio::any_io_executor const& loop, std::function<void()> strike);
  ~watchdog();
  watchdog(watchdog const&) = delete;
  watchdog& operator=(watchdog const&) = delete;

  /// From now on, until rest().
  void guard(deadline limit);
  void rest();
  /// The limit has passed: also when nothing had to wait.
  [[nodiscard]] bool passed() const noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace vinny
