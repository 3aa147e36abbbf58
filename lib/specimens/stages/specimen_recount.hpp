// SPDX-License-Identifier: MIT
#pragma once

#include "run/context.hpp"

namespace vinny {

/// Counts all specimens' images again, piece by piece, and puts the roll-ups right.
[[nodiscard]] task<result<>> recount_specimens(run_context& context);

}  // namespace vinny
