// SPDX-License-Identifier: MIT
//
// The last step into D1, or wrangler's local database, by `wrangler d1 execute`: one script, all
// of it or nothing.
#pragma once

#include <vector>

#include "events/publish/row.hpp"
#include "run/context.hpp"

namespace vinny {

/// Fails as run_wrangler() does, and with config_invalid when the remote database has no id.
[[nodiscard]] task<result<>> to_wrangler(run_context& context, std::vector<row> rows);

}  // namespace vinny
