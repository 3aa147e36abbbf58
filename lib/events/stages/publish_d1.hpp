// SPDX-License-Identifier: MIT
//
// The last step into Cloudflare D1 by REST. What D1 has confirmed is recorded batch by batch, so
// an export that was cut off goes on from there, and one with nothing new asks nothing.
#pragma once

#include <vector>

#include "events/publish/row.hpp"
#include "run/context.hpp"

namespace vinny {

/// Fails with config_invalid when D1 is not configured, and as export_to_d1() does.
[[nodiscard]] task<result<>> to_d1(run_context& context, std::vector<row> rows);

}  // namespace vinny
