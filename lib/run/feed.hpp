// SPDX-License-Identifier: MIT
//
// What a run tells while it goes on: numbered events in a bounded ring, for any number of
// readers. A slow reader misses events; it never slows the run.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "task/condition.hpp"

namespace vinny {

struct feed_event {
  std::int64_t id = 0;
  std::string kind;  // progress, log, finished
  std::string data;  // JSON
};

class run_feed {
 public:
  static constexpr std::size_t ring_size = 256;

  void add(std::string kind, std::string data) {
    if (closed_) return;
    ring_.push_back({++last_, std::move(kind), std::move(data)});
    if (ring_.size() > ring_size) ring_.pop_front();
    changed_.notify_all();
  }
  /// No more events come.
  void close() {
    closed_ = true;
    changed_.notify_all();
  }
  [[nodiscard]] std::vector<feed_event> after(std::int64_t id) const {
    std::vector<feed_event> out;
    for (auto const& one : ring_) {
      if (one.id > id) out.push_back(one);
    }
    return out;
  }
  /// Waits until there is more than `id`, or the end. False: the deadline came first.
  [[nodiscard]] task<bool> wait(std::int64_t id, deadline limit) {
    while (last_ <= id && !closed_) {
      if (!co_await changed_.wait(limit) && last_ <= id && !closed_) co_return false;
    }
    co_return true;
  }
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] std::int64_t last() const noexcept { return last_; }

 private:
  std::deque<feed_event> ring_;
  std::int64_t last_ = 0;
  bool closed_ = false;
  condition changed_;
};

}  // namespace vinny
