// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "config/config.hpp"

namespace vinny {

/// How many objects are worth being in hand at once. While one records what the store has
/// confirmed, another sends: the store's own lane keeps to the configured number of requests.
[[nodiscard]] inline int upload_workers(config const& settings) noexcept {
  constexpr int most_workers = 1024;
  constexpr int workers_per_request = 24;
  return std::min(most_workers, settings.store.concurrency * workers_per_request);
}

}  // namespace vinny
