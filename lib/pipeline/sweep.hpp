// SPDX-License-Identifier: MIT
//
// The daemon's slow look at the store: every object once in store.sweep_s, while no run is
// active. What is lost or was changed is put again by a run of its own.
#pragma once

#include "pipeline/engine.hpp"

namespace vinny {

struct sweep_share {
  std::size_t objects = 0;  // to ask about next
  std::chrono::milliseconds pause{};
};
/// How many objects to ask about, and how long to wait before the next ones, so that `total` are
/// asked about in `seconds`. Pure.
[[nodiscard]] sweep_share sweep_pace(std::int64_t total, std::int64_t seconds);

/// Goes on until it is cancelled. `work` must outlive it.
[[nodiscard]] task<> sweep(engine& work);

}  // namespace vinny
