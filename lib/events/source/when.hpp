// SPDX-License-Identifier: MIT
//
// Date and time texts of event pages. Only what a text says: a date without a year, or a word
// like "Friday", is no date.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace vinny {

struct when {
  year_month_day day{};
  std::optional<std::chrono::seconds> time_of_day{};  // none: a date only
  std::optional<std::chrono::minutes> offset{};       // east of UTC; none: the venue's own clock
};

/// ISO 8601 (extended and basic, space for the T, interval: its start), and the forms of American
/// pages: "June 12, 2027", "Saturday, Jun 12th 2027 10:30 pm", "12 June 2027", "06/12/2027",
/// "2027-06-12 10:30 PM", RFC 5322 dates. A range of times gives its start.
[[nodiscard]] std::optional<when> parse_when(std::string_view text);

/// "10:30 PM", "10pm", "22:30": a time of day alone.
[[nodiscard]] std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text);

/// Laid into a zone: an offset is converted, anything else is the zone's own clock.
[[nodiscard]] local_moment to_moment(when const& w, std::string_view zone);

}  // namespace vinny
