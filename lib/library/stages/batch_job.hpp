// SPDX-License-Identifier: MIT
//
// What jobs that go over a database in batches tell: each line says which job (`tool`) of which
// program (`repo`), and what happened (`event`): init, started, batch_done, lookup_error, finished,
// failed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "observe/log.hpp"
#include "task/task.hpp"

namespace vinny {

class error_reports;

class batch_job {
 public:
  /// `reports` may be null; otherwise what goes wrong is told there, too.
  batch_job(std::string tool, error_reports* reports, std::string run_id);

  void started(std::vector<log_field> settings);
  /// The next batch; `rows` of it changed something.
  void batch_done(std::int64_t rows, std::vector<log_field> totals);
  /// One row went wrong.
  void row_failed(std::string_view event, failure const& why, std::vector<log_field> row);
  /// The job's end: `outcome`, or the failure of a verification.
  [[nodiscard]] result<> ended(result<> outcome, std::vector<log_field> totals);

  [[nodiscard]] std::int64_t batches() const noexcept { return batches_; }

 private:
  void tell(log_level level, std::string_view event, std::string const& message,
            std::vector<log_field> fields) const;
  void report(failure const& why, std::vector<log_field> const& fields) const;
  [[nodiscard]] std::string step() const;

  std::string tool_;
  error_reports* reports_;
  std::string run_id_;
  clock::time_point began_ = clock::now();
  clock::time_point batch_began_ = clock::now();
  std::int64_t batches_ = 0;
  std::int64_t rows_ = 0;
};

}  // namespace vinny
