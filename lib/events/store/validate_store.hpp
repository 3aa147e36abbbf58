// SPDX-License-Identifier: MIT
//
// The store against the ledger: all of it for `vinny images upload-r2 --validate`, or one object.
#pragma once

#include <chrono>

#include "events/tables/objects.hpp"
#include "run/context.hpp"

namespace vinny {

enum class object_state { same, lost, changed };

struct ask_patience {
  int retries = 0;  // of a transient failure
  std::chrono::milliseconds longest_pause{};
};

/// Asks the store about an object that it has confirmed. One that is lost or changed goes back to
/// the work list. Fails with what prevented an answer.
[[nodiscard]] task<result<object_state>> check_object(catalog& facts, object_store& store,
                                                      confirmed_object one, ask_patience patience);

/// Asks the store about every object that it has confirmed, several at a time. What is missing or
/// is not what was put goes back to the work list; multipart uploads that nobody goes on with are
/// aborted. Transient failures are tried again; what is left of them is this one's failure.
[[nodiscard]] task<result<>> validate_store(run_context& context);

}  // namespace vinny
