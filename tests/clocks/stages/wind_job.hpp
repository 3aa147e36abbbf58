// SPDX-License-Identifier: MIT
//
// `clocks-wind`: every clock on the shelf is wound once.
#pragma once

#include <array>
#include <memory>

#include "run/job.hpp"

namespace vinny {

class wind_job final : public job {
 public:
  [[nodiscard]] std::string_view pipeline() const override { return "clocks-wind"; }
  void write_to(boost::json::object&) const override {}
  [[nodiscard]] task<> run(run_context& run) override;
  [[nodiscard]] std::span<std::string_view const> places() const override;
};

[[nodiscard]] result<std::shared_ptr<job>> parse_wind(boost::json::object const& body);

}  // namespace vinny
