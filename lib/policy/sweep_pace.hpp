// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace vinny {

inline constexpr std::chrono::milliseconds shortest_sweep_pause{1'000};
inline constexpr std::chrono::milliseconds longest_sweep_pause{600'000};

struct sweep_share {
  std::size_t objects = 0;  // to ask about next
  std::chrono::milliseconds pause{};
};
/// How many objects to ask about, and how long to wait before the next ones, so that `total` are
/// asked about in `seconds`. Pure.
[[nodiscard]] sweep_share sweep_pace(std::int64_t total, std::int64_t seconds);

}  // namespace vinny
