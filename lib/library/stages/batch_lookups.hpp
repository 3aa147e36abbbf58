// SPDX-License-Identifier: MIT
//
// The lookups of a backfill: several in flight, started in an even rhythm, each answer kept in the
// catalog as it comes. Lives on the loop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "library/model/library_request.hpp"
#include "library/model/library_settings.hpp"
#include "library/stages/batch_job.hpp"
#include "run/context.hpp"

namespace vinny {

/// A row of the batch in hand, and what came of it.
struct asked_row {
  library_question what;
  std::optional<std::string> url{};  // none: not answered
};

class batch_lookups {
 public:
  /// Both must outlive it.
  batch_lookups(run_context& context, batch_job& job);

  /// Asks about the rows that have no answer. A failure ends the run: lookup_credentials,
  /// config_invalid, those of the catalog, of this machine and of the store.
  [[nodiscard]] task<result<>> ask_all(std::vector<asked_row>& batch);

  /// What was lost so far is of an earlier batch.
  void begin_batch() noexcept { errors_ = 0; }
  /// A row that has its answer.
  void count(asked_row const& one);
  /// A row that got none, or that the library did not take.
  void lost(library_question const& row, failure const& why);
  /// Nothing more is done now, and the run says what is to be done about it.
  void put_off(failure const& why);

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  /// Rows of the batch that were lost.
  [[nodiscard]] std::int64_t errors() const noexcept { return errors_; }
  /// Between the starts of two.
  [[nodiscard]] std::chrono::milliseconds throttle() const noexcept { return throttle_; }

 private:
  [[nodiscard]] task<> ask_some(result<>& outcome);
  [[nodiscard]] task<> take_turn();
  [[nodiscard]] task<result<>> ask(asked_row& one);
  /// The address of our own copy; empty: what is there is no image that could be shown.
  [[nodiscard]] task<result<std::string>> mirror(library_question const& row,
                                                 std::string const& address);
  /// False: it takes too long, and the rest is put off.
  [[nodiscard]] task<bool> wait_for(failure why);

  run_context& context_;
  library_request const& how_;
  library_config const& settings_;
  batch_job& job_;
  std::chrono::milliseconds throttle_;
  std::vector<asked_row>* batch_ = nullptr;
  std::size_t next_ = 0;     // of the batch
  std::int64_t errors_ = 0;  // of the batch
  bool stopped_ = false;     // nothing more is asked
  clock::time_point turn_ = clock::now();
};

}  // namespace vinny
