// SPDX-License-Identifier: MIT
//
// Hosts that fail so often that they come last, until the operator releases them or they prove
// healthy. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace vinny {

struct quarantine_limits {
  int errors = 500;  // so many, and
  int percent = 50;  // more than this share of all requests

  friend bool operator==(quarantine_limits const&, quarantine_limits const&) = default;
};

/// Counted since the host was first asked, or released.
struct host_record {
  /// So many successes in a row prove a host healthy.
  static constexpr int healthy_after = 20;

  std::int64_t errors = 0;
  std::int64_t answers = 0;
  std::optional<instant> quarantined_at{};
  int streak = 0;  // successes since the last error; not kept over a restart

  void failed(instant now, quarantine_limits limits) noexcept {
    ++errors;
    streak = 0;
    if (!quarantined_at && bad(limits)) quarantined_at = now;
  }
  void succeeded() noexcept {
    ++answers;
    if (quarantined_at && ++streak >= healthy_after) *this = {};
  }
  [[nodiscard]] bool bad(quarantine_limits limits) const noexcept {
    return errors >= limits.errors && errors * 100 > limits.percent * (errors + answers);
  }
  /// In percent of all requests.
  [[nodiscard]] double error_rate() const noexcept {
    auto const all = errors + answers;
    return all == 0 ? 0.0 : 100.0 * static_cast<double>(errors) / static_cast<double>(all);
  }

  friend bool operator==(host_record const&, host_record const&) = default;
};

}  // namespace vinny
