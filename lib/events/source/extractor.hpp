// SPDX-License-Identifier: MIT
//
// What the extractors differ in. All share one reader of structured data; an extractor is its
// place in the order and its rules for finding the venue of an event.
#pragma once

#include <string_view>

namespace vinny {

struct extractor_rules {
  std::string_view name;
  int order = 0;                  // lower ones are asked first
  bool las_vegas_only = false;    // its site lists other towns too
  bool text_names_venue = false;  // an event without a location: the page's whole text may tell,
  bool has_default = true;        // ... or it is at the extractor's only venue
  bool pages_are_events = false;  // og:title with a date is enough
};

inline constexpr int last_extractor = 4;  // the highest order

/// liv, xs, ebc, tao; anything else gets the rules of schema-org.
[[nodiscard]] extractor_rules const& rules_of(std::string_view extractor) noexcept;

/// The tag of the venue whose number an event code carries (EVE<venue><sequence><date>), "" when
/// it is not known.
[[nodiscard]] std::string_view tag_of_event_code(std::string_view code) noexcept;

/// True when a town, or the state beside it, contradicts Las Vegas.
[[nodiscard]] bool is_other_town(std::string_view locality, std::string_view region);

}  // namespace vinny
