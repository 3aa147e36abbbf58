// SPDX-License-Identifier: MIT
//
// `captures-sync`: collections in step with their directories or buckets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "run/job.hpp"

namespace vinny {

class sync_captures_job final : public job {
 public:
  std::vector<std::string> collections{};  // empty: all that have a source
  bool full = false;                       // also when a source has no picture any more

  [[nodiscard]] std::string_view pipeline() const override { return "captures-sync"; }
  void write_to(boost::json::object& out) const override;
  [[nodiscard]] result<> check(config const& settings) const override;
  [[nodiscard]] task<> run(run_context& run) override;
  [[nodiscard]] std::span<std::string_view const> places() const override;
};

[[nodiscard]] result<std::shared_ptr<job>> parse_sync_captures(boost::json::object const& body);

}  // namespace vinny
