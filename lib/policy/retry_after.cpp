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
  if (!text.empty() && std::ranges::all_of(text, is_digit)) {
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr auto most = std::chrono::seconds{longest_retry_after}.count();
    if (error != std::errc{} || seconds > most) return latest;
    return now + std::chrono::seconds{seconds};
  }
  auto const date = from_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp(*date, now, latest);
}

}  // namespace vinny
