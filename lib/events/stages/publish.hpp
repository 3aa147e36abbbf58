// SPDX-License-Identifier: MIT
//
// The last step: what the catalog and the store have confirmed becomes rows, and the files that
// other programs read.
#pragma once

#include "run/context.hpp"

namespace vinny {

/// Brings the target (publish/target.hpp) in line with the catalog. Only what changed since the
/// target's last confirmed export, unless `full`; export.sql tells everything.
[[nodiscard]] task<result<>> publish(run_context& context);

/// image_manifest.json, and runs/<id>/events.json when pages were read. Files whose content would
/// be the same are left alone.
[[nodiscard]] task<result<>> write_documents(run_context& context);

}  // namespace vinny
