// SPDX-License-Identifier: MIT
//
// Instants and dates as text, and back. Zones are IANA names from the system's tzdata.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vinny {

using instant = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::year_month_day;

[[nodiscard]] instant now();

/// "2027-06-12T05:30:00.123Z"
[[nodiscard]] std::string to_rfc3339(instant t);
[[nodiscard]] std::optional<instant> from_rfc3339(std::string_view text);
/// RFC 9110 HTTP-date: IMF-fixdate, and the two obsolete forms when reading.
[[nodiscard]] std::string to_http_date(instant t);
[[nodiscard]] std::optional<instant> from_http_date(std::string_view text);

/// "2027-06-12"
[[nodiscard]] std::string to_date(year_month_day day);
[[nodiscard]] std::optional<year_month_day> from_date(std::string_view text);

[[nodiscard]] bool is_time_zone(std::string_view name);
/// The calendar day at an instant in a zone; the zone must exist.
[[nodiscard]] year_month_day local_day(instant t, std::string_view zone);

/// A moment in a venue's own clock.
struct local_moment {
  year_month_day day{};
  std::optional<std::chrono::minutes> time_of_day{};  // none: the source gave a date only
  std::string rfc3339{};  // with the zone's offset; empty for a date only
};

/// A date with a wall-clock time in a zone. A time that daylight saving skips moves forward;
/// one that comes twice is the first.
[[nodiscard]] local_moment at_local(year_month_day day,
                                    std::optional<std::chrono::seconds> time_of_day,
                                    std::string_view zone);
/// An instant as the clock of a zone shows it.
[[nodiscard]] local_moment at_instant(instant t, std::string_view zone);

}  // namespace vinny
