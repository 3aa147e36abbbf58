// SPDX-License-Identifier: MIT
#include "policy/retry_after.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace vinny {
std::optional<instant> parse_retry_after(std::string_view value, instant now) {
  auto const text = trim(value);
  auto const latest = now + longest_retry_after;
  // RFC 9110 has whole seconds; what some servers send beside them, curl reads, too.
  auto const whole = text.substr(0, text.find('.'));
  auto const part = text.substr(std::min(whole.size() + 1, text.size()));
  if (!whole.empty() && std::ranges::all_of(whole, is_digit) &&
      std::ranges::all_of(part, is_digit)) {
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
    bool const more = part.find_first_not_of('0') != std::string_view::npos;
    constexpr auto most = std::chrono::seconds{longest_retry_after}.count();
    if (error != std::errc{} || seconds > most) return latest;
    return now + std::chrono::seconds{seconds + (more ? 1 : 0)};
  }
  auto const date = from_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp(*date, now, latest);
}

}  // namespace vinny
