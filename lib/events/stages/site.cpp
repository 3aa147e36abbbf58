// SPDX-License-Identifier: MIT
#include "events/stages/site.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace vinny {
namespace {

/// The order in which extractors are tried (spec: LIV, XS, EBC, TAO, then any schema.org page).
std::size_t extractor_rank(std::string const& name) {
  static constexpr std::array<std::string_view, 5> order{"liv", "xs", "ebc", "tao", "schema-org"};
  return static_cast<std::size_t>(std::ranges::find(order, name) - order.begin());
}

}  // namespace

std::vector<std::string> tags_of(std::span<venue const> venues) {
  std::vector<std::string> out;
  out.reserve(venues.size());
  for (auto const& one : venues) out.push_back(one.tag);
  return out;
}

std::vector<std::string> site::tags() const {
  return tags_of(venues);
}

std::string site::today(instant at) const {
  return to_date(local_day(at, venues.front().time_zone));
}

std::vector<site> sites_of(std::span<venue const> venues) {
  std::vector<site> out;
  for (auto const& one : venues) {
    if (one.sitemap.empty()) continue;
    auto place = std::ranges::find(out, one.sitemap, &site::sitemap);
    if (place == out.end()) {
      out.push_back({.sitemap = one.sitemap, .venues = {}});
      place = std::prev(out.end());
    }
    auto const rank = extractor_rank(one.extractor);
    auto const before = std::ranges::find_if(
        place->venues, [&](venue const& v) { return extractor_rank(v.extractor) > rank; });
    place->venues.insert(before, one);
  }
  return out;
}

}  // namespace vinny
