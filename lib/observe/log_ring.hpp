// SPDX-License-Identifier: MIT
//
// The last lines of the log, for those who ask the daemon. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "observe/log.hpp"

namespace vinny {

class log_ring {
 public:
  explicit log_ring(std::size_t most_lines, std::size_t most_bytes = 8 << 20)
      : most_lines_(most_lines), most_bytes_(most_bytes) {}

  /// `line`: as JSON, without its end.
  void keep(log_level level, std::string_view run_id, std::string line);
  [[nodiscard]] kept_lines after(std::uint64_t seen, log_filter const& which,
                                 std::size_t most) const;
  [[nodiscard]] kept_lines last(log_filter const& which, std::size_t most) const;

 private:
  struct entry {
    log_level level;
    std::string run_id;
    std::string line;
    [[nodiscard]] bool fits(log_filter const& which) const {
      return level >= which.level && (which.run_id.empty() || which.run_id == run_id);
    }
    [[nodiscard]] std::size_t size() const noexcept { return sizeof(entry) + line.size(); }
  };
  std::size_t most_lines_;
  std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::deque<entry> entries_;
  std::size_t bytes_ = 0;
  std::uint64_t count_ = 0;  // lines ever: the newest one's number
};

}  // namespace vinny
