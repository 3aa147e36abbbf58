// SPDX-License-Identifier: MIT
//
// A run from beginning to end: its job works, and everybody who watches is told.
#pragma once

#include "run/context.hpp"
#include "run/notices.hpp"

namespace vinny {

/// Does the run's job, keeps the record and the feed up to date, and leaves the record in its final
/// state in the catalog. Cancelled: the state says so, nothing is lost.
[[nodiscard]] task<> execute(run_context& run, run_notices& notices);

/// Runs one step of several that overlap: what halts it is the run's, `going` becomes false at its
/// end, and the stage behind it is woken.
[[nodiscard]] task<> overlapping_step(run_context& run, task<result<>> body, bool& going,
                                      run_step behind);

}  // namespace vinny
