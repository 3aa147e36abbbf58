// SPDX-License-Identifier: MIT
#include "events/source/event_code.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_code = 40;

bool is_code_letter(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::optional<year_month_day> date_at_end(std::string_view code) {
  if (code.size() < 8) return {};
  auto const tail = code.substr(code.size() - 8);
  if (!std::ranges::all_of(tail, is_digit) || !tail.starts_with("20")) return {};
  return from_date(std::string{tail.substr(0, 4)} + '-' + std::string{tail.substr(4, 2)} + '-' +
                   std::string{tail.substr(6, 2)});
}

std::string upper(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

/// The code that begins at `at`, or nothing. "EVENTS" and "eve-of-destruction" are no codes:
/// digits must follow, or a hyphen where only a code can stand.
std::string_view code_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 3;
  while (end < text.size() && is_code_letter(text[end])) ++end;
  auto const digits = text.substr(at + 3, end - at - 3);
  if (digits.size() >= 6 && std::ranges::all_of(digits, is_digit)) return text.substr(at, end - at);
  if (end != at + 3 || end >= text.size() || text[end] != '-') return {};
  auto const before = to_lower(text.substr(at > 11 ? at - 11 : 0, std::min<std::size_t>(at, 11)));
  bool const in_query = before.ends_with("eventcode=");
  if (!in_query && !before.ends_with("/event/") && !before.ends_with("/events/")) return {};
  for (++end; end < text.size() && is_code_letter(text[end]); ++end) {
    if (!in_query && text[end] >= 'a' && text[end] <= 'z') return {};
  }
  bool const ends = end == text.size() || text[end] != '-';
  return ends && end - at >= 7 ? text.substr(at, end - at) : std::string_view{};
}

}  // namespace

std::optional<event_code> find_event_code(std::string_view text) {
  text = clip(text, 4096);
  for (std::size_t at = 0; at + 6 < text.size(); ++at) {
    if (!iequals(text.substr(at, 3), "eve") || (at > 0 && is_code_letter(text[at - 1]))) continue;
    auto const code = code_at(text, at);
    if (code.empty() || code.size() > max_code) continue;
    return event_code{.code = upper(code), .date = date_at_end(code)};
  }
  return {};
}

}  // namespace vinny
