// SPDX-License-Identifier: MIT
//
// The daemon's slow look at the store: every object once in store.sweep_s, while no run is
// active. What is lost or was changed is put again by a run of its own.
#pragma once

#include "run/engine.hpp"

namespace vinny {

/// Goes on until it is cancelled. `work` must outlive it.
[[nodiscard]] task<> sweep(engine& work);

}  // namespace vinny
