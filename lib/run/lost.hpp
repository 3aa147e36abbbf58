// SPDX-License-Identifier: MIT
//
// One place where a lost item is told of: the board, the metrics, the log and who follows the run.
// What the catalog keeps of it is the stage's own transaction.
#pragma once

#include <string>

#include "run/context.hpp"

namespace vinny {

/// `address` is what the item goes by in logs: a URL without its query, or a key.
void tell_lost(run_context& context, run_step step, failure const& why, std::string const& address,
               int attempts = 1);

}  // namespace vinny
