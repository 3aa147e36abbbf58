// SPDX-License-Identifier: MIT
//
// Runs over events: scrape, images and upload side by side, each fed by the one before; publishing
// waits for them.
#pragma once

#include <memory>
#include <vector>

#include "config/config.hpp"
#include "events/model/sync_request.hpp"
#include "run/job.hpp"

namespace vinny {

class sync_job final : public job {
 public:
  explicit sync_job(sync_request asked = {}) : wish(std::move(asked)) {}

  sync_request wish;
  std::vector<venue> venues{};  // of this run, once it is prepared

  [[nodiscard]] std::string_view pipeline() const override { return wish.pipeline(); }
  void write_to(boost::json::object& out) const override;
  [[nodiscard]] result<> check(config const& settings) const override;
  /// Errors: not_found, of a venue or of an earlier run.
  [[nodiscard]] task<result<>> prepare(config const& settings, catalog& facts) override;
  [[nodiscard]] task<> run(run_context& run) override;
  [[nodiscard]] std::span<std::string_view const> places() const override;
};

[[nodiscard]] result<std::shared_ptr<job>> parse_sync(boost::json::object const& body);

}  // namespace vinny
