// SPDX-License-Identifier: MIT
//
// The store against the ledger: `vinny images upload-r2 --validate`.
#pragma once

#include "pipeline/context.hpp"

namespace vinny {

/// Asks the store about every object that it has confirmed, several at a time. What is missing or
/// is not what was put goes back to the work list; multipart uploads that nobody goes on with are
/// aborted. Transient failures are tried again; what is left of them is this one's failure.
[[nodiscard]] task<result<>> validate_store(run_context& context);

}  // namespace vinny
