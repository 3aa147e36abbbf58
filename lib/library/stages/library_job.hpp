// SPDX-License-Identifier: MIT
//
// `library-import`, `library-backfill`, `library-artist-names`: the runs over the library.
#pragma once

#include <memory>

#include "library/model/library_request.hpp"
#include "run/job.hpp"

namespace vinny {

class library_job : public job {
 public:
  library_request wish{};

  [[nodiscard]] std::span<std::string_view const> places() const override;
  /// Each of them tells Sentry its end.
  [[nodiscard]] bool reports_its_end() const override { return true; }
};

class import_job final : public library_job {
 public:
  [[nodiscard]] std::string_view pipeline() const override { return "library-import"; }
  void write_to(boost::json::object& out) const override;
  [[nodiscard]] result<> check(config const& settings) const override;
  [[nodiscard]] task<> run(run_context& run) override;
};

class backfill_job final : public library_job {
 public:
  [[nodiscard]] std::string_view pipeline() const override { return "library-backfill"; }
  void write_to(boost::json::object& out) const override;
  [[nodiscard]] task<> run(run_context& run) override;
  [[nodiscard]] bool logs_batches() const override { return true; }
};

class artist_names_job final : public library_job {
 public:
  [[nodiscard]] std::string_view pipeline() const override { return "library-artist-names"; }
  void write_to(boost::json::object& out) const override;
  [[nodiscard]] task<> run(run_context& run) override;
  [[nodiscard]] bool logs_batches() const override { return true; }
};

[[nodiscard]] result<std::shared_ptr<job>> parse_import(boost::json::object const& body);
[[nodiscard]] result<std::shared_ptr<job>> parse_backfill(boost::json::object const& body);
[[nodiscard]] result<std::shared_ptr<job>> parse_artist_names(boost::json::object const& body);

}  // namespace vinny
