// SPDX-License-Identifier: MIT
#include "policy/sweep_pace.hpp"

#include <algorithm>

namespace vinny {
namespace {

constexpr std::int64_t most_at_once = 500;

}  // namespace

sweep_share sweep_pace(std::int64_t total, std::int64_t seconds) {
  auto const share = std::chrono::milliseconds{seconds * 1000 / std::max<std::int64_t>(total, 1)};
  auto const pause = std::clamp(share, shortest_sweep_pause, longest_sweep_pause);
  auto const objects =
      (pause.count() * std::max<std::int64_t>(total, 1) + seconds * 1000 - 1) / (seconds * 1000);
  return {static_cast<std::size_t>(std::clamp<std::int64_t>(objects, 1, most_at_once)), pause};
}

}  // namespace vinny
