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

thumbnail_size const* thumbnails_config::find(std::string_view label) const noexcept {
  auto const found = std::ranges::find(sizes, label, &thumbnail_size::label);
  return found == sizes.end() ? nullptr : &*found;
}

std::optional<collection_config::bucket_place> collection_config::bucket() const {
  constexpr std::string_view scheme = "s3://";
  if (!source.starts_with(scheme)) return std::nullopt;
  auto const rest = std::string_view{source}.substr(scheme.size());
  auto const slash = std::min(rest.find('/'), rest.size());
  return bucket_place{.bucket = std::string{rest.substr(0, slash)},
                      .prefix = std::string{rest.substr(std::min(slash + 1, rest.size()))}};
}

collection_config const& config::collection_of(std::string const& name) const noexcept {
  static collection_config const unnamed;
  auto const found = collections.find(name);
  return found == collections.end() ? unnamed : found->second;
}

venue const* config::find_venue(std::string_view tag) const noexcept {
  auto const found = std::ranges::find(venues, tag, &venue::tag);
  return found == venues.end() ? nullptr : &*found;
}

}  // namespace vinny
