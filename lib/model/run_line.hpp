// SPDX-License-Identifier: MIT
//
// How far a run is, or what came of it, in one line for people: for systemd's status, lists of runs
// and the like.
#pragma once

#include <string>
#include <string_view>

#include "model/run.hpp"

namespace vinny {

/// By the counters that this kind of run has: "30 images, 2 were there, 1 failed".
[[nodiscard]] std::string run_line(std::string_view pipeline, run_counts const& counts);

}  // namespace vinny
