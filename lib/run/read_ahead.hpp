// SPDX-License-Identifier: MIT
//
// Work that was read from the catalog many at a time and is handed out few at a time, none of it
// twice. Lives on the loop.
#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <utility>
#include <vector>

#include "core/failure.hpp"
#include "task/task.hpp"

namespace vinny {

template <class Job, class Key>
class read_ahead {
 public:
  using key_of = Key (*)(Job const&);
  explicit read_ahead(key_of key) : key_(key) {}

  /// At most `limit` jobs. When none is left, `read(active)` gives new ones, without those whose
  /// keys are active.
  template <class Read>
  task<result<std::vector<Job>>> claim(std::size_t limit, Read read) {
    if (ready_.empty()) {
      auto jobs = co_await read(active_);
      if (!jobs) co_return std::unexpected(jobs.error());
      for (auto& job : *jobs) {
        active_.insert(key_(job));
        ready_.push_back(std::move(job));
      }
    }
    std::vector<Job> out;
    while (out.size() < limit && !ready_.empty()) {
      out.push_back(std::move(ready_.front()));
      ready_.pop_front();
    }
    co_return out;
  }
  void release(Job const& job) { active_.erase(key_(job)); }

 private:
  key_of key_;
  std::set<Key> active_;   // claimed: ready or in work
  std::deque<Job> ready_;  // claimed and not handed out yet
};

}  // namespace vinny
