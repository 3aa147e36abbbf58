// SPDX-License-Identifier: MIT
//
// Walks a site's sitemaps and puts the pages that are new or changed on the work list.
#pragma once

#include "events/stages/site.hpp"
#include "run/context.hpp"

namespace vinny {

/// Errors of single files become rows of the run; only what halts comes back.
[[nodiscard]] task<result<>> walk_sitemaps(run_context& context, site& where);

}  // namespace vinny
