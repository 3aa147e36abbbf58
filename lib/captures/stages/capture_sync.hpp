// SPDX-License-Identifier: MIT
//
// Collections of captures are brought in step with their sources: a directory, or a prefix of a
// bucket. Both are read in the order of their keys beside the catalog's own rows, so that what has
// not changed costs a read and memory does not grow with the collection.
#pragma once

#include "run/context.hpp"
#include "run/world.hpp"

namespace vinny {

/// Those in the job's `collections`, or all that have a source. A source without a single
/// picture, of which there are captures, is taken for broken unless the run is `full`. Errors:
/// not_found (no such collection, or it has no source), those of the source and of the catalog.
[[nodiscard]] task<result<>> sync_captures(run_context& context);

}  // namespace vinny
