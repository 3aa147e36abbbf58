// SPDX-License-Identifier: MIT
#include "events/source/extractor.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace vinny {
namespace {

// XS is found by its name alone: on the domain that it shares, a page that names no venue in its
// structured data is Encore Beach Club's when its text says so, and nobody's otherwise.
constexpr std::array table{
    extractor_rules{"liv", 0, true, true, true, true},
    extractor_rules{"xs", 1, true, false, false, true},
    extractor_rules{"ebc", 2, true, true, false, true},
    extractor_rules{"tao", 3, true, false, true, true},
    extractor_rules{"schema-org", 4, false, false, true, false},
};

struct numbered_venue {
  std::string_view number;
  std::string_view tag;
};
constexpr std::array numbers{numbered_venue{"1121561", "liv"}, numbered_venue{"1121562", "liv"},
                             numbered_venue{"1214881", "livb"}};

}  // namespace

extractor_rules const& rules_of(std::string_view extractor) noexcept {
  auto const it = std::ranges::find(table, extractor, &extractor_rules::name);
  return it == table.end() ? table.back() : *it;
}

std::string_view tag_of_event_code(std::string_view code) noexcept {
  if (code.size() < 18) return {};
  auto const it = std::ranges::find(numbers, code.substr(3, 7), &numbered_venue::number);
  return it == numbers.end() ? std::string_view{} : it->tag;
}

bool is_other_town(std::string_view locality, std::string_view region) {
  if (locality.empty())
    return !region.empty() && !iequals(region, "NV") && !icontains(region, "nevada");
  // The Strip lies in the township of Paradise.
  return !icontains(locality, "las vegas") && !iequals(locality, "vegas") &&
         !(iequals(locality, "paradise") &&
           (region.empty() || iequals(region, "NV") || iequals(region, "Nevada")));
}

}  // namespace vinny
