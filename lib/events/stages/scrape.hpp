// SPDX-License-Identifier: MIT
//
// The first step: sitemaps to pages, pages to events, events to the images they want.
#pragma once

#include "run/context.hpp"

namespace vinny {

/// Errors: what halts, and no_events when a whole site that could be read gave nothing.
[[nodiscard]] task<result<>> scrape(run_context& context);

}  // namespace vinny
