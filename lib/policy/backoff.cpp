// SPDX-License-Identifier: MIT
#include "policy/backoff.hpp"

#include <algorithm>

namespace vinny {

std::chrono::milliseconds backoff(int failed_attempts, double chance01) noexcept {
  constexpr int steps_to_cap = 10;
  static_assert(backoff_base * (1 << steps_to_cap) >= backoff_cap);

  auto const doublings = std::clamp(failed_attempts, 1, steps_to_cap + 1) - 1;
  auto const ceiling = std::min(backoff_cap, backoff_base * (1 << doublings));
  // Written so that NaN, too, becomes 0.
  auto const chance = chance01 > 0.0 ? std::min(chance01, 1.0) : 0.0;
  auto const drawn = std::chrono::duration<double, std::milli>(ceiling) * chance;
  return std::max(backoff_floor, std::chrono::round<std::chrono::milliseconds>(drawn));
}

}  // namespace vinny
