// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_hosts.hpp"

#include <algorithm>

namespace vinny {
namespace {

// Of all hosts together, so that thousands of hosts take no more memory than one.
constexpr std::size_t stock_of_all = 16'384;
constexpr std::size_t smallest_stock = 8;
constexpr std::size_t largest_stock = 512;
constexpr std::size_t wishes_at_once = 64;
constexpr std::int64_t longest_own_rest_ms = 60'000;

}  // namespace

specimen_hosts::specimen_hosts(std::vector<specimen_host> const& all, room_of room)
    : room_(std::move(room)),
      ahead_(std::clamp(stock_of_all / std::max<std::size_t>(all.size(), 1), smallest_stock,
                        largest_stock)) {
  for (auto const& one : all) {
    auto& added = hosts_[one.id];
    added.name = one.name;
    added.room = room_(one.name);
    hungry_.insert(one.id);
  }
}

void specimen_hosts::line_up(std::int64_t id, host& one) {
  if (one.in_line || one.stock.empty() || one.in_hand >= one.room || one.rests_ms > 0) return;
  one.in_line = true;
  (one.last ? last_line_ : line_).push_back(id);
}

void specimen_hosts::stop_resting(std::int64_t now_ms) {
  while (!rests_.empty() && rests_.begin()->first <= now_ms) {
    auto const id = rests_.begin()->second;
    rests_.erase(rests_.begin());
    auto& one = hosts_.at(id);
    one.rests_ms = 0;
    line_up(id, one);
  }
}

std::vector<specimen_hosts::wish> specimen_hosts::wishes(std::int64_t now_ms) {
  stop_resting(now_ms);
  std::vector<wish> out;
  for (auto at = hungry_.begin(); at != hungry_.end() && out.size() < wishes_at_once;) {
    auto const& one = hosts_.at(*at);
    if (one.rests_ms > 0) {
      ++at;
      continue;
    }
    out.push_back({*at, one.read_to, ahead_});
    at = hungry_.erase(at);
  }
  return out;
}

void specimen_hosts::stock(wish const& wanted, std::vector<specimen_job> found,
                           std::function<bool(specimen_job const&)> const& done) {
  auto& one = hosts_.at(wanted.host);
  one.all_read = found.size() < wanted.limit;
  if (!found.empty()) one.read_to = found.back().id.number();
  for (auto& job : found) {
    if (one.hands.contains(job.id.number()) || (done && done(job))) continue;
    job.host_name = one.name;
    one.stock.push_back(std::move(job));
  }
  line_up(wanted.host, one);
}

void specimen_hosts::quarantine(std::vector<std::string> const& hosts) {
  std::set<std::string_view> const names{hosts.begin(), hosts.end()};
  for (auto& [id, one] : hosts_) {
    bool const last = names.contains(one.name);
    if (last == one.last) continue;
    if (one.in_line) std::erase(one.last ? last_line_ : line_, id);
    one.in_line = false;
    one.last = last;
    line_up(id, one);
  }
}

std::optional<specimen_job> specimen_hosts::take(std::int64_t now_ms) {
  stop_resting(now_ms);
  if (auto job = take_from(line_, now_ms)) return job;
  if (last_line_.empty()) return std::nullopt;
  bool const others = std::ranges::any_of(hosts_, [now_ms](auto const& one) {
    return !one.second.last && one.second.has_more() && one.second.rests_ms <= now_ms;
  });
  return others ? std::nullopt : take_from(last_line_, now_ms);
}

std::optional<specimen_job> specimen_hosts::take_from(std::deque<std::int64_t>& line,
                                                      std::int64_t now_ms) {
  while (!line.empty()) {
    auto const id = line.front();
    line.pop_front();
    auto& one = hosts_.at(id);
    one.in_line = false;
    if (one.stock.empty() || one.in_hand >= one.room || one.rests_ms > now_ms) continue;
    auto job = std::move(one.stock.front());
    one.stock.pop_front();
    ++one.in_hand;
    ++in_hand_;
    one.hands.insert(job.id.number());
    if (!one.all_read && one.stock.size() == ahead_ / 2) hungry_.insert(id);
    line_up(id, one);
    return job;
  }
  return std::nullopt;
}

bool specimen_hosts::take(specimen_job const& again, std::int64_t now_ms) {
  stop_resting(now_ms);
  auto const [at, fresh] = hosts_.try_emplace(again.host);
  auto& one = at->second;
  if (fresh) {
    one.name = again.host_name;
    one.room = room_(one.name);
    one.all_read = true;  // it had nothing pending
  }
  if (one.rests_ms > 0 || one.in_hand >= one.room) return false;
  ++one.in_hand;
  ++in_hand_;
  one.hands.insert(again.id.number());
  return true;
}

void specimen_hosts::released(specimen_job const& job) {
  auto& one = hosts_.at(job.host);
  --one.in_hand;
  --in_hand_;
  one.hands.erase(job.id.number());
  line_up(job.host, one);
}

void specimen_hosts::read_again(std::vector<specimen_host> const& all) {
  for (auto const& known : all) {
    auto const [at, fresh] = hosts_.try_emplace(known.id);
    auto& one = at->second;
    if (fresh) {
      one.name = known.name;
      one.room = room_(one.name);
    }
    one.stock.clear();
    one.read_to = 0;
    one.all_read = false;
    hungry_.insert(known.id);
  }
}

void specimen_hosts::put_back(specimen_job job, std::int64_t until_ms) {
  auto const id = job.host;
  hosts_.at(id).stock.push_front(std::move(job));
  rest(id, until_ms);
}

void specimen_hosts::rest(std::int64_t host, std::int64_t until_ms) {
  auto& one = hosts_.at(host);
  if (until_ms <= one.rests_ms) return;
  rests_.erase({one.rests_ms, host});
  one.rests_ms = until_ms;
  rests_.emplace(until_ms, host);
}

void specimen_hosts::rests_end_early(
    std::function<std::int64_t(std::string const& host)> const& until_ms) {
  std::vector<std::pair<std::int64_t, std::int64_t>> shorter;
  for (auto const& [until, id] : rests_) {
    auto const wanted = until_ms(hosts_.at(id).name);
    // A rest of a second or so is of our own making, and not kept.
    if (wanted + longest_own_rest_ms < until) shorter.emplace_back(wanted, id);
  }
  for (auto const& [until, id] : shorter) {
    auto& one = hosts_.at(id);
    rests_.erase({one.rests_ms, id});
    one.rests_ms = std::max<std::int64_t>(until, 1);
    rests_.emplace(one.rests_ms, id);
  }
}

std::optional<std::int64_t> specimen_hosts::first_rest_ends() const {
  return rests_.empty() ? std::nullopt : std::optional{rests_.begin()->first};
}

std::optional<std::int64_t> specimen_hosts::next_rest_ends(std::int64_t now_ms) const {
  for (auto const& [until, id] : rests_) {
    if (until > now_ms && hosts_.at(id).has_more()) return until;
  }
  return std::nullopt;
}

bool specimen_hosts::any_open(std::int64_t now_ms) const {
  return std::ranges::any_of(hosts_, [now_ms](auto const& one) {
    return one.second.has_more() && one.second.rests_ms <= now_ms;
  });
}

std::size_t specimen_hosts::room(std::size_t most) const {
  std::size_t out = 0;
  for (auto const& [id, one] : hosts_) out = std::min(most, out + one.room);
  return out;
}

}  // namespace vinny
