// SPDX-License-Identifier: MIT
//
// The Retry-After header (RFC 9110, section 10.2.3).
#pragma once

#include "core/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace vinny {

/// A host that wants a longer silence is asked again after a day.
inline constexpr std::chrono::hours longest_retry_after{24};

/// When the host may be asked again: from a number of seconds or an HTTP-date, clamped to
/// [now, now + 24 h]. Nothing when the value is neither.
[[nodiscard]] std::optional<instant> parse_retry_after(std::string_view value, instant now);

}  // namespace vinny
