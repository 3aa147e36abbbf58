// SPDX-License-Identifier: MIT
//
// What an older downloader left behind, taken over: the gbifIDs that it had processed, and their
// files, as each specimen's first image.
#pragma once

#include "run/context.hpp"

namespace vinny {

/// Reads `<install_path>/processed_ids.txt` and links (or, from another filesystem, copies)
/// `…/<id>-00.jpg` or else `…/<id>.jpg` to its place. Only images that are still work are touched:
/// one that was fetched and verified stays so. May be repeated. Errors: not_found, config_invalid,
/// and what halts.
[[nodiscard]] task<result<>> import_legacy(run_context& context);

}  // namespace vinny
