// SPDX-License-Identifier: MIT
#pragma once

#include "run/context.hpp"

namespace vinny {

/// Before an ingest: forgets all specimens where the job says `reset`, and goes on with forgetting
/// that was cut off. In steps, so that others write between them.
[[nodiscard]] task<result<>> forget_before(run_context& context);

}  // namespace vinny
