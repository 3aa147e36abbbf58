// SPDX-License-Identifier: MIT
//
// `specimens-ingest`: a list into the catalog.
#pragma once

#include <memory>
#include <string>

#include "run/job.hpp"

namespace vinny {

class ingest_job final : public job {
 public:
  std::string list{};          // the file
  bool reset = false;          // forget all specimens before
  bool finalize_only = false;  // only count again
  bool legacy_only = false;    // only take over what an older program left
  std::string install_path{};  // where it left it

  [[nodiscard]] std::string_view pipeline() const override { return "specimens-ingest"; }
  void write_to(boost::json::object& out) const override;
  [[nodiscard]] result<> check(config const& settings) const override;
  [[nodiscard]] task<> run(run_context& run) override;
  [[nodiscard]] std::span<std::string_view const> places() const override;
  [[nodiscard]] slack_words const* words() const override;
};

[[nodiscard]] result<std::shared_ptr<job>> parse_ingest(boost::json::object const& body);

}  // namespace vinny
