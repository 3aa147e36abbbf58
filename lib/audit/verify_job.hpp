// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "run/job.hpp"

namespace vinny {

/// Walks every system's ledger, one after another.
class verify_job final : public job {
 public:
  [[nodiscard]] std::string_view pipeline() const override { return "verify"; }
  void write_to(boost::json::object&) const override {}
  [[nodiscard]] task<> run(run_context& run) override;
  /// Of every system that has a ledger.
  [[nodiscard]] std::span<std::string_view const> places() const override;
};

[[nodiscard]] result<std::shared_ptr<job>> parse_verify(boost::json::object const& body);

}  // namespace vinny
