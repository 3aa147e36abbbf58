// SPDX-License-Identifier: MIT
#include "core/time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <exception>

#include "core/text.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// Exactly `digits` decimal digits at `at`, or -1; more than nine are no part of a date.
int number(std::string_view text, std::size_t at, std::size_t digits) noexcept {
  if (at + digits > text.size() || digits > 9) return -1;
  int value = 0;
  for (auto const c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

year_month_day make_day(int year, int month, int day) noexcept {
  return year_month_day{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                        std::chrono::day{static_cast<unsigned>(day)}};
}

date::time_zone const* zone_of(std::string_view name) {
  return date::locate_zone(std::string{name});
}

std::chrono::sys_days days_of(year_month_day day) {
  return std::chrono::sys_days{day};
}

std::string offset_text(seconds offset) {
  auto const minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  auto const size = minutes < 0 ? -minutes : minutes;
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

local_moment from_local_seconds(seconds local, seconds offset) {
  auto const days = std::chrono::floor<std::chrono::days>(local);
  auto const rest = local - days;
  local_moment out;
  out.day = year_month_day{std::chrono::sys_days{days}};
  out.time_of_day = std::chrono::duration_cast<std::chrono::minutes>(rest);
  std::chrono::hh_mm_ss const clock{rest};
  out.rfc3339 = fmt::format("{}T{:02}:{:02}:{:02}{}", to_date(out.day), clock.hours().count(),
                            clock.minutes().count(), clock.seconds().count(), offset_text(offset));
  return out;
}

}  // namespace

instant now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(instant t) {
  auto const day = std::chrono::floor<std::chrono::days>(t);
  std::chrono::hh_mm_ss const clock{t - day};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_date(year_month_day{day}),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<instant> from_rfc3339(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) return {};
  auto const day = from_date(text.substr(0, 10));
  int const h = number(text, 11, 2);
  int const m = number(text, 14, 2);
  int const s = number(text, 17, 2);
  if (!day || text[13] != ':' || text[16] != ':' || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 ||
      s > 60) {
    return {};
  }
  std::size_t at = 19;
  int milliseconds = 0;
  if (text[at] == '.') {
    int scale = 100;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      milliseconds += (text[at] - '0') * scale;
    }
    if (at == 20) return {};
  }
  auto const zone = text.substr(at);
  std::chrono::minutes offset{0};
  if (zone != "Z" && zone != "z") {
    int const oh = zone.size() == 6 ? number(zone, 1, 2) : -1;
    int const om = zone.size() == 6 ? number(zone, 4, 2) : -1;
    if (oh < 0 || om < 0 || oh > 23 || om > 59 || zone[3] != ':' ||
        (zone[0] != '+' && zone[0] != '-')) {
      return {};
    }
    offset = std::chrono::minutes{(zone[0] == '-' ? -1 : 1) * (oh * 60 + om)};
  }
  return instant{days_of(*day)} + std::chrono::hours{h} + std::chrono::minutes{m} + seconds{s} +
         std::chrono::milliseconds{milliseconds} - offset;
}

std::string to_http_date(instant t) {
  auto const day = std::chrono::floor<std::chrono::days>(t);
  year_month_day const ymd{day};
  std::chrono::hh_mm_ss const clock{std::chrono::floor<seconds>(t - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     weekdays[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(ymd.day()),
                     months[static_cast<unsigned>(ymd.month()) - 1], static_cast<int>(ymd.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<instant> from_http_date(std::string_view text) {
  // Tokens are enough: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
  // "Sun Nov  6 08:49:37 1994" (RFC 9110, section 5.6.7).
  int day = -1;
  int month = -1;
  int year = -1;
  std::optional<seconds> clock;
  std::string spaced{text};
  for (auto& c : spaced) {
    if (c == ',' || c == '-') c = ' ';
  }
  for (auto const token : split(spaced, ' ')) {
    if (token.size() == 8 && token[2] == ':' && token[5] == ':') {
      int const h = number(token, 0, 2);
      int const m = number(token, 3, 2);
      int const s = number(token, 6, 2);
      if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60) return {};
      clock = std::chrono::hours{h} + std::chrono::minutes{m} + seconds{s};
    } else if (int const value = number(token, 0, token.size()); value >= 0 && !token.empty()) {
      if (token.size() <= 2 && day < 0) {
        day = value;
      } else if (token.size() == 4) {
        year = value;
      } else if (token.size() == 2) {
        year = value + (value < 70 ? 2000 : 1900);
      }
    } else {
      for (std::size_t i = 0; i < months.size(); ++i) {
        if (iequals(token, months[i])) month = static_cast<int>(i) + 1;
      }
    }
  }
  if (day < 1 || month < 1 || year < 0 || !clock) return {};
  auto const ymd = make_day(year, month, day);
  if (!ymd.ok()) return {};
  return instant{days_of(ymd)} + *clock;
}

std::string to_date(year_month_day day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::optional<year_month_day> from_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  int const y = number(text, 0, 4);
  int const m = number(text, 5, 2);
  int const d = number(text, 8, 2);
  if (y < 0 || m < 0 || d < 0) return {};
  auto const day = make_day(y, m, d);
  return day.ok() ? std::optional{day} : std::nullopt;
}

bool is_time_zone(std::string_view name) {
  try {
    return !name.empty() && zone_of(name) != nullptr;
  } catch (std::exception const&) {
    return false;
  }
}

year_month_day local_day(instant t, std::string_view zone) {
  auto const info = zone_of(zone)->get_info(std::chrono::floor<seconds>(t));
  return year_month_day{std::chrono::floor<std::chrono::days>(t + info.offset)};
}

local_moment at_local(year_month_day day, std::optional<seconds> time_of_day,
                      std::string_view zone) {
  if (!time_of_day) return {.day = day};
  auto const local_seconds = days_of(day).time_since_epoch() + *time_of_day;
  auto const info = zone_of(zone)->get_info(date::local_seconds{local_seconds});
  if (info.result == date::local_info::nonexistent) {
    // Read with the offset before the jump; the same instant then shows the new offset.
    return at_instant(instant{local_seconds - info.first.offset}, zone);
  }
  return from_local_seconds(local_seconds, info.first.offset);
}

local_moment at_instant(instant t, std::string_view zone) {
  auto const utc = std::chrono::floor<seconds>(t);
  auto const info = zone_of(zone)->get_info(utc);
  return from_local_seconds(utc.time_since_epoch() + info.offset, info.offset);
}

}  // namespace vinny
