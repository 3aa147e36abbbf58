// SPDX-License-Identifier: MIT
//
// The part of a system that lives as long as the daemon. On the loop.
#pragma once

#include "control/router.hpp"
#include "task/task.hpp"

namespace vinny {

class service {
 public:
  virtual ~service() = default;
  /// Once. Handlers may be called until stop() has ended.
  virtual void add_routes(router& to) = 0;
  /// Beside all runs, until it is cancelled; not in a daemon beside the one that holds the catalog.
  [[nodiscard]] virtual task<> care() { co_return; }
  /// Ends what goes on without a request.
  [[nodiscard]] virtual task<> stop() { co_return; }
};

}  // namespace vinny
