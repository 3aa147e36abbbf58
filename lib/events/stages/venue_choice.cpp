// SPDX-License-Identifier: MIT
#include "events/stages/venue_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vinny {

result<std::vector<venue>> select_venues(config const& settings,
                                         std::vector<std::string> const& names) {
  std::vector<venue> out;
  for (auto const& one : settings.venues) {
    bool const named = std::ranges::any_of(
        names, [&](std::string const& n) { return n == one.tag || n == one.extractor; });
    if (named || (names.empty() && !one.sitemap.empty())) out.push_back(one);
  }
  for (auto const& wanted : names) {
    bool const known = std::ranges::any_of(
        settings.venues, [&](venue const& v) { return v.tag == wanted || v.extractor == wanted; });
    if (known) continue;
    std::set<std::string> all;
    for (auto const& one : settings.venues) {
      all.insert(one.tag);
      all.insert(one.extractor);
    }
    return fail(errc::not_found, fmt::format("there is no venue or extractor '{}'; known are {}",
                                             wanted, fmt::join(all, ", ")));
  }
  return out;
}

}  // namespace vinny
