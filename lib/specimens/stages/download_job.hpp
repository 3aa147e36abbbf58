// SPDX-License-Identifier: MIT
//
// `specimens-download`: images that are pending are fetched and kept, and where that is wanted put
// into the store behind it.
#pragma once

#include <array>
#include <memory>

#include "run/job.hpp"

namespace vinny {

inline constexpr std::array<std::string_view, 1> place_of_specimens{"specimens"};

class download_job final : public job {
 public:
  [[nodiscard]] std::string_view pipeline() const override { return "specimens-download"; }
  void write_to(boost::json::object&) const override {}
  [[nodiscard]] task<> run(run_context& run) override;
  [[nodiscard]] std::span<std::string_view const> places() const override {
    return place_of_specimens;
  }
  [[nodiscard]] slack_words const* words() const override;
};

[[nodiscard]] result<std::shared_ptr<job>> parse_download(boost::json::object const& body);

}  // namespace vinny
