// SPDX-License-Identifier: MIT
//
// What one run is asked to do, for those who know no system. A system derives one class for each
// kind of run; model/subsystem.hpp tells how it is made from a request.
#pragma once

#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>

#include "core/failure.hpp"
#include "model/counters.hpp"
#include "task/task.hpp"

namespace vinny {

class catalog;
struct config;
struct run_context;

/// What Slack is told of a run besides its failure: the start, each so many items, and the end.
class slack_words {
 public:
  virtual ~slack_words() = default;
  /// Behind "<pipeline> began: ".
  [[nodiscard]] virtual task<std::string> beginning(run_context& run) const = 0;
  /// What has been done: "30 images fetched, 2 failed".
  [[nodiscard]] virtual std::string so_far(tally const& counts) const = 0;
  /// Items that count for "each so many"; -1: only the start and the end are told.
  [[nodiscard]] virtual std::int64_t items(tally const& counts) const = 0;
  /// What is left, at the side of so_far().
  [[nodiscard]] virtual task<std::string> standing(run_context& run) const = 0;
};

class job {
 public:
  virtual ~job() = default;

  /// As the API and the run's record name it.
  [[nodiscard]] virtual std::string_view pipeline() const = 0;
  /// Adds what was asked for to a document that has the members of every run already. parse() of
  /// its kind is the inverse.
  virtual void write_to(boost::json::object& out) const = 0;
  /// For the command, before anything is opened. Errors: not_found, naming what is not there.
  [[nodiscard]] virtual result<> check(config const& settings) const;
  /// Once, on the loop, before the run is recorded. Errors: not_found.
  [[nodiscard]] virtual task<result<>> prepare(config const& settings, catalog& facts);
  /// Once, on the loop. What halts the run goes to run.note_halt(). Cancelled, it leaves work
  /// undone, never half done.
  [[nodiscard]] virtual task<> run(run_context& run) = 0;

  /// The systems whose place this run takes: none of them begins another one meanwhile.
  [[nodiscard]] virtual std::span<std::string_view const> places() const = 0;
  /// Null: Slack is told only when it fails.
  [[nodiscard]] virtual slack_words const* words() const { return nullptr; }
  /// It tells Sentry itself how it ended.
  [[nodiscard]] virtual bool reports_its_end() const { return false; }
  /// Its log tells each batch, where no bar is drawn.
  [[nodiscard]] virtual bool logs_batches() const { return false; }
};

/// {"pipeline":…,"steps":…, …}: what the record of a run keeps, and what POST /v1/runs takes.
[[nodiscard]] boost::json::object request_document(job const& asked);

}  // namespace vinny
