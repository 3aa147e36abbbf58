// SPDX-License-Identifier: MIT
//
// `vinny doctor` while it looks: what it asks with, and what it has found. A system gives one check
// of what it needs outside.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/time.hpp"
#include "http/connection/pool.hpp"
#include "http/message.hpp"
#include "run/health/doctor.hpp"
#include "task/task.hpp"

namespace vinny {

struct health {
  config const& settings;
  connection_pool& pool;  // without politeness: only what the operator named himself
  dialer& dial;
  std::chrono::seconds patience;                      // for each thing that is asked
  std::vector<finding> found{};                       // in the order in which they are told
  std::optional<std::chrono::seconds> clock_ahead{};  // ours, by somebody's Date header
};

class health_check {
 public:
  virtual ~health_check() = default;
  /// Adds at least one finding; asks little and changes nothing.
  [[nodiscard]] virtual task<> examine(health& to) const = 0;
};

/// By how much our clock differs from a Date header, read so long after the question; nothing
/// without one.
[[nodiscard]] std::optional<std::chrono::seconds> clock_ahead(response const& answer, instant asked,
                                                              instant answered);

}  // namespace vinny
