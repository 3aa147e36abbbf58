// SPDX-License-Identifier: MIT
#include "pipeline/specimen_hosts.hpp"

#include <algorithm>

namespace vinny {

void specimen_hosts::open(std::vector<specimen_host> const& all) {
  for (auto const& one : all) hosts_[one.id].name = one.name;
}

void specimen_hosts::claimed(turn const& whose, std::vector<specimen_job> const& found, bool more) {
  auto& one = hosts_[whose.id];
  // A host that was sent to rest meanwhile begins again from where it was put.
  if (one.claimed != whose.after) return;
  if (!found.empty()) one.claimed = found.back().id.number();
  one.empty = !more;
}

void specimen_hosts::know(std::int64_t id, std::string const& name) {
  auto const [at, fresh] = hosts_.try_emplace(id);
  if (!fresh) return;
  at->second.name = name;
  at->second.empty = true;
}

std::string specimen_hosts::name_of(std::int64_t id) const {
  auto const at = hosts_.find(id);
  return at == hosts_.end() ? std::string{} : at->second.name;
}

void specimen_hosts::took(std::int64_t id) {
  auto const at = hosts_.find(id);
  if (at != hosts_.end()) ++at->second.in_hand;
}

void specimen_hosts::released(std::int64_t id) {
  auto const at = hosts_.find(id);
  if (at != hosts_.end()) --at->second.in_hand;
}

void specimen_hosts::rest(std::int64_t id, std::int64_t image, std::int64_t until_ms) {
  auto const at = hosts_.find(id);
  if (at == hosts_.end()) return;
  auto& one = at->second;
  one.rests_ms = std::max(one.rests_ms, until_ms);
  one.claimed = std::min(one.claimed, image - 1);
  one.empty = false;
}

void specimen_hosts::rest(std::int64_t id, std::int64_t until_ms) {
  auto const at = hosts_.find(id);
  if (at != hosts_.end()) at->second.rests_ms = std::max(at->second.rests_ms, until_ms);
}

std::optional<std::int64_t> specimen_hosts::next_rest_ends(std::int64_t now_ms) const {
  std::optional<std::int64_t> out;
  for (auto const& [id, one] : hosts_) {
    if (one.empty || one.rests_ms <= now_ms) continue;
    out = std::min(out.value_or(one.rests_ms), one.rests_ms);
  }
  return out;
}

bool specimen_hosts::any_open(std::int64_t now_ms) const {
  return std::ranges::any_of(hosts_, [now_ms](auto const& one) {
    return !one.second.empty && one.second.rests_ms <= now_ms;
  });
}

}  // namespace vinny
