// SPDX-License-Identifier: MIT
#include "observe/log_ring.hpp"

#include <algorithm>

namespace vinny {

void log_ring::keep(log_level level, std::string_view run_id, std::string line) {
  std::lock_guard const lock{mutex_};
  entries_.push_back({level, std::string{run_id}, std::move(line)});
  bytes_ += entries_.back().size();
  ++count_;
  while (entries_.size() > most_lines_ || bytes_ > most_bytes_) {
    bytes_ -= entries_.front().size();
    entries_.pop_front();
  }
}

kept_lines log_ring::after(std::uint64_t seen, log_filter const& which, std::size_t most) const {
  std::lock_guard const lock{mutex_};
  auto const first = count_ - entries_.size() + 1;  // number of the oldest that is kept
  kept_lines out{.lines = {}, .last = std::max(seen, first - 1), .missed = 0};
  if (first > seen + 1) out.missed = first - seen - 1;
  while (out.last < count_ && out.lines.size() < most) {
    auto const& one = entries_[out.last + 1 - first];
    ++out.last;
    if (one.fits(which)) out.lines.push_back(one.line);
  }
  return out;
}

kept_lines log_ring::last(log_filter const& which, std::size_t most) const {
  std::lock_guard const lock{mutex_};
  kept_lines out{.lines = {}, .last = count_, .missed = 0};
  for (auto it = entries_.rbegin(); it != entries_.rend() && out.lines.size() < most; ++it) {
    if (it->fits(which)) out.lines.push_back(it->line);
  }
  std::ranges::reverse(out.lines);
  return out;
}

}  // namespace vinny
