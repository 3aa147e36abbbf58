// SPDX-License-Identifier: MIT
//
// A list of specimens' images into the catalog: read, sorted outside memory when it is not sorted,
// merged batch by batch. Killed at any point, it goes on where its last batch was committed.
#pragma once

#include "run/context.hpp"

namespace vinny {

/// The job's members: `list` is the file; `reset` forgets all specimens first; `finalize_only`
/// reads no file and counts the roll-ups again; `install_path` takes over an older program's files
/// after that, and with `legacy_only` does nothing else. Errors: bad_archive, not_found, and what
/// halts.
[[nodiscard]] task<result<>> ingest(run_context& context);

}  // namespace vinny
