// SPDX-License-Identifier: MIT
//
// A byte stream with patience: what is not possible at once is waited for, up to a deadline that
// may be moved at any time and holds however fast the other side sends. On the loop.
#pragma once

#include <memory>
#include <string_view>

#include "http/wire/stream.hpp"
#include "http/wire/watchdog.hpp"
#include "task/task.hpp"

namespace vinny {

class waiting_stream {
 public:
  explicit waiting_stream(std::unique_ptr<byte_stream> stream);

  /// Holds for everything from now on.
  void expires_at(deadline limit) { guard_.guard(limit); }
  void expires_never() { guard_.rest(); }
  /// What was waited for ended because the deadline passed.
  [[nodiscard]] bool expired() const noexcept { return guard_.passed(); }

  /// `some`, or why there will be none; a cancelled or expired wait is `failed` with ECANCELED.
  [[nodiscard]] task<moved> read(char* into, std::size_t most);
  /// All of it; the last step's outcome.
  [[nodiscard]] task<moved> write(std::string_view bytes);
  /// Repeats a step until it has nothing to wait for.
  template <class Step>
  [[nodiscard]] task<moved> settle(Step step) {
    for (;;) {
      auto const done = step();
      if (!waits(done)) co_return done;
      if (!co_await ready(done.how)) co_return cancelled();
    }
  }

  [[nodiscard]] byte_stream& bytes() noexcept { return *stream_; }
  /// Gives the stream up, for another owner.
  [[nodiscard]] std::unique_ptr<byte_stream> take() noexcept { return std::move(stream_); }

 private:
  static bool waits(moved const& step) noexcept {
    return step.how == moved::outcome::wait_read || step.how == moved::outcome::wait_write;
  }
  static moved cancelled() noexcept;
  [[nodiscard]] task<bool> ready(moved::outcome direction);
  std::unique_ptr<byte_stream> stream_;
  watchdog guard_;
  std::size_t in_a_row_ = 0;  // bytes that came or went without a wait
};

}  // namespace vinny
