// SPDX-License-Identifier: MIT
#include "config/config.hpp"

#include <algorithm>

#include "core/host_name.hpp"
#include "core/text.hpp"

namespace vinny {

politeness_config config::politeness_of(std::string const& host) const {
  auto mixed = politeness;
  mixed.host.clear();
  auto const bare = bare_host(to_lower(host));
  auto found = politeness.host.find(to_lower(host));
  if (found == politeness.host.end()) found = politeness.host.find(bare);
  if (found == politeness.host.end()) found = politeness.host.find("www." + bare);
  if (found == politeness.host.end()) return mixed;
  auto const& own = found->second;
  mixed.delay = own.delay.value_or(mixed.delay);
  mixed.retries = own.retries.value_or(mixed.retries);
  mixed.robots = own.robots.value_or(mixed.robots);
  mixed.concurrency = own.concurrency.value_or(mixed.concurrency);
  mixed.follow_to_http = own.follow_to_http.value_or(mixed.follow_to_http);
  return mixed;
}

venue const* config::find_venue(std::string_view tag) const noexcept {
  auto const found = std::ranges::find(venues, tag, &venue::tag);
  return found == venues.end() ? nullptr : &*found;
}

}  // namespace vinny
