// SPDX-License-Identifier: MIT
//
// Lines to a descriptor by a thread of its own, so that a reader who stops reading stops nobody but
// that thread. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace vinny {

/// Bytes of lines that wait at most; what does not fit is lost, and counted.
inline constexpr std::size_t most_waiting_log = 4 << 20;

/// Writes a whole line; what cannot be written is dropped.
void write_line(int fd, std::string_view line) noexcept;

class log_writer {
 public:
  /// `tell_lost` makes the line that tells of lost ones; it is called on any thread.
  log_writer(int fd, std::function<std::string(std::uint64_t lost)> tell_lost,
             std::size_t most_waiting = most_waiting_log);
  log_writer(log_writer const&) = delete;
  log_writer& operator=(log_writer const&) = delete;
  /// What waits is still written as far as somebody reads it; nobody waits for that.
  ~log_writer();

  /// A whole line with its end. Never waits.
  void put(std::string line);
  /// Waits until all is written; false: the time was up.
  bool flush(std::chrono::milliseconds patience);
  /// Lines since the start that found no room.
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct state;
  std::shared_ptr<state> state_;  // the thread's too: a blocked write(2) outlives everything
};

}  // namespace vinny
