// SPDX-License-Identifier: MIT
#pragma once

#include "run/ledger.hpp"

namespace vinny {

/// The renditions that the store has confirmed.
class event_ledger final : public ledger {
 public:
  [[nodiscard]] task<result<>> verify(run_context& run) const override;
  [[nodiscard]] std::string confirmed_key(database& db) const override;
  [[nodiscard]] std::string line(tally const& counts) const override;
  [[nodiscard]] std::string report(tally const& counts) const override;
  [[nodiscard]] std::int64_t mismatches(tally const& counts) const override;
};

}  // namespace vinny
