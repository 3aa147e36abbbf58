// SPDX-License-Identifier: MIT
#include "library/stages/batch_job.hpp"

#include <fmt/format.h>

#include "run/error_reports.hpp"

namespace vinny {
namespace {

std::string spent(clock::duration time) {
  auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  return fmt::format("{}m {}s", seconds / 60, seconds % 60);
}

}  // namespace

batch_job::batch_job(std::string tool, error_reports* reports, std::string run_id)
    : tool_(std::move(tool)), reports_(reports), run_id_(std::move(run_id)) {
  tell(log_level::info, "init", "ready", {});
}

std::string batch_job::step() const {
  return batches_ == 0 ? "library" : fmt::format("batch-{}", batches_);
}

void batch_job::tell(log_level level, std::string_view event, std::string const& message,
                     std::vector<log_field> fields) const {
  if (!log_enabled(level)) return;
  fields.insert(fields.begin(),
                {field("event", event), field("repo", "vinny"), field("tool", tool_)});
  log(level, step(), message, std::move(fields));
}

void batch_job::started(std::vector<log_field> settings) {
  tell(log_level::info, "started", "started", std::move(settings));
}

void batch_job::batch_done(std::int64_t rows, std::vector<log_field> totals) {
  ++batches_;
  rows_ += rows;
  auto const at = clock::now();
  totals.insert(totals.begin(), field("batch_index", batches_));
  tell(log_level::info, "batch_done",
       fmt::format("[{}] batch {}: {} rows in {} | total {} rows in {}", tool_, batches_, rows,
                   spent(at - batch_began_), rows_, spent(at - began_)),
       std::move(totals));
  batch_began_ = at;
}

void batch_job::report(failure const& why, std::vector<log_field> const& fields) const {
  if (reports_ == nullptr) return;
  error_report one{.kind = std::string{name(why.code)},
                   .message = why.message,
                   .tool = tool_,
                   .step = step(),
                   .run_id = run_id_};
  for (auto const& [key, value] : fields) {
    one.extra.emplace_back(
        key, std::visit([](auto const& held) { return fmt::format("{}", held); }, value));
  }
  reports_->add(std::move(one));
}

void batch_job::row_failed(std::string_view event, failure const& why, std::vector<log_field> row) {
  report(why, row);
  row.push_back(field("reason", why.code));
  tell(log_level::error, event, why.message, std::move(row));
}

result<> batch_job::ended(result<> outcome, std::vector<log_field> totals) {
  if (outcome) {
    tell(log_level::info, "finished",
         fmt::format("[{}] done: {} rows in {}", tool_, rows_, spent(clock::now() - began_)),
         std::move(totals));
  } else {
    report(outcome.error(), totals);
    totals.push_back(field("reason", outcome.error().code));
    tell(log_level::error, "failed", outcome.error().message, std::move(totals));
  }
  return outcome;
}

}  // namespace vinny
