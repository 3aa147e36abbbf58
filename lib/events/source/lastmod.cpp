// SPDX-License-Identifier: MIT
#include <algorithm>

#include "core/text.hpp"
#include "events/source/sitemap.hpp"

namespace vinny {
namespace {

using namespace std::chrono;

/// Reads fixed-width fields off the front of a text.
struct fields {
  std::string_view rest;

  [[nodiscard]] std::optional<int> number(std::size_t digits) {
    if (rest.size() < digits) return {};
    int value = 0;
    for (auto const c : rest.substr(0, digits)) {
      if (c < '0' || c > '9') return {};
      value = value * 10 + (c - '0');
    }
    rest.remove_prefix(digits);
    return value;
  }
  [[nodiscard]] bool take(std::string_view any_of) {
    if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }
};

/// Minutes east of UTC; none given is UTC.
std::optional<minutes> read_zone(fields& f) {
  while (f.take(" ")) {
  }
  if (f.rest.empty() || f.take("Zz")) return 0min;
  bool const west = f.rest.front() == '-';
  if (!f.take("+-")) return {};
  auto const h = f.number(2);
  bool const colon = f.take(":");
  auto const m = colon || !f.rest.empty() ? f.number(2) : 0;
  if (!h || !m || *h > 23 || *m > 59) return {};
  auto const offset = hours{*h} + minutes{*m};
  return west ? -offset : offset;
}

std::optional<lastmod> with_time(fields f, lastmod out, sys_days day) {
  auto const h = f.number(2);
  if (!h || *h > 23 || !f.take(":")) return {};
  auto const m = f.number(2);
  if (!m || *m > 59) return {};
  milliseconds rest = hours{*h} + minutes{*m};
  out.unit = lastmod::precision::minute;
  if (f.take(":")) {
    auto const s = f.number(2);
    if (!s || *s > 60) return {};
    rest += seconds{*s};
    out.unit = lastmod::precision::second;
    if (f.take(".,")) {
      int scale = 100;
      if (f.rest.empty() || f.rest.front() < '0' || f.rest.front() > '9') return {};
      for (auto digit = f.number(1); digit; digit = f.number(1)) {
        rest += milliseconds{*digit * scale};
        scale /= 10;
      }
    }
  }
  auto const offset = read_zone(f);
  if (!offset || !f.rest.empty()) return {};
  out.at = day + rest - *offset;
  return out;
}

instant floor_to(instant t, lastmod::precision unit) {
  auto const day = floor<days>(t);
  year_month_day const ymd{day};
  switch (unit) {
    case lastmod::precision::year:
      return sys_days{ymd.year() / January / 1};
    case lastmod::precision::month:
      return sys_days{ymd.year() / ymd.month() / 1};
    case lastmod::precision::day:
      return day;
    case lastmod::precision::minute:
      return floor<minutes>(t);
    case lastmod::precision::second:
      return floor<seconds>(t);
  }
  return t;
}

}  // namespace

bool lastmod::newer_than(lastmod const& seen) const noexcept {
  auto const coarser = std::min(unit, seen.unit);
  return floor_to(at, coarser) > floor_to(seen.at, coarser);
}

std::optional<lastmod> parse_lastmod(std::string_view text) {
  fields f{trim(text)};
  lastmod out;
  out.text = std::string{f.rest};
  auto const year_number = f.number(4);
  if (!year_number || *year_number < 1) return {};
  auto const y = std::chrono::year{*year_number};
  if (f.rest.empty()) {
    out.at = sys_days{y / January / 1};
    out.unit = lastmod::precision::year;
    return out;
  }
  if (!f.take("-")) return {};
  auto const month_number = f.number(2);
  if (!month_number || *month_number < 1 || *month_number > 12) return {};
  auto const m = std::chrono::month{static_cast<unsigned>(*month_number)};
  if (f.rest.empty()) {
    out.at = sys_days{y / m / 1};
    out.unit = lastmod::precision::month;
    return out;
  }
  if (!f.take("-")) return {};
  auto const day_number = f.number(2);
  if (!day_number) return {};
  year_month_day const date = y / m / std::chrono::day{static_cast<unsigned>(*day_number)};
  if (!date.ok()) return {};
  if (f.rest.empty()) {
    out.at = sys_days{date};
    out.unit = lastmod::precision::day;
    return out;
  }
  if (!f.take("Tt ")) return {};
  return with_time(f, std::move(out), sys_days{date});
}

}  // namespace vinny
