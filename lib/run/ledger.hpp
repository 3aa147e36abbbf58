// SPDX-License-Identifier: MIT
//
// What one system has put into the store, as it is recorded: for `vinny verify`, which walks the
// ledgers of all systems.
#pragma once

#include <string>

#include "core/failure.hpp"
#include "model/counters.hpp"
#include "task/task.hpp"

namespace vinny {

class database;
struct run_context;

class ledger {
 public:
  virtual ~ledger() = default;
  /// Asks the store about all of it, and repairs what is not as it was recorded. Fails with what
  /// prevented that.
  [[nodiscard]] virtual task<result<>> verify(run_context& run) const = 0;
  /// The key of one object that the store has confirmed; empty: there is none.
  [[nodiscard]] virtual std::string confirmed_key(database&) const { return {}; }
  /// In one line: "12 objects, 1 lost".
  [[nodiscard]] virtual std::string line(tally const& counts) const = 0;
  /// In several, indented, each with its newline.
  [[nodiscard]] virtual std::string report(tally const& counts) const = 0;
  /// How much was not as it was recorded.
  [[nodiscard]] virtual std::int64_t mismatches(tally const& counts) const = 0;
};

}  // namespace vinny
