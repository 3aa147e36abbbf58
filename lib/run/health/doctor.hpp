// SPDX-License-Identifier: MIT
//
// `vinny doctor`: whether everything that a run needs outside of itself is there, told before a
// run finds out. Asks little and changes nothing; a cause is told once, and what hangs on it is
// skipped.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "task/task.hpp"

namespace vinny {

struct finding {
  enum class state { ok, warn, fail, skipped };
  std::string name;  // "data_dir", "token"; stable
  state how = state::ok;
  std::string message;  // never holds a secret
  std::string cure;     // empty: nothing to do
};
[[nodiscard]] std::string_view name(finding::state how) noexcept;

/// All findings, in the order in which they are told. Takes at most `patience` for each thing
/// that is asked; needs no lock of the catalog, so a daemon may run.
[[nodiscard]] task<std::vector<finding>> examine(config const& settings, asio::thread_pool& cpu,
                                                 std::chrono::seconds patience);

}  // namespace vinny
