// SPDX-License-Identifier: MIT
//
// How long a failed piece of work waits before its next attempt. A host's own wish
// (policy/retry_after) always wins over this.
#pragma once

#include <chrono>

namespace vinny {

inline constexpr std::chrono::milliseconds backoff_base{1'000};
inline constexpr std::chrono::milliseconds backoff_cap{15 * 60 * 1'000};
/// Full jitter may draw zero; nobody asks again sooner than this.
inline constexpr std::chrono::milliseconds backoff_floor{250};

/// Exponential with full jitter: a point between 0 and min(cap, base * 2^(failed_attempts - 1)),
/// never under the floor. `failed_attempts` counts from 1; `chance01` is a draw from [0, 1],
/// values outside are clamped.
[[nodiscard]] std::chrono::milliseconds backoff(int failed_attempts, double chance01) noexcept;

}  // namespace vinny
