// SPDX-License-Identifier: MIT
//
// What a system is to the floors below: one constant, named in daemon/systems.cmake. It holds
// literals and functions only: nothing runs before main(), and what is not named is not linked.
#pragma once

#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "model/counters.hpp"
#include "model/migration.hpp"
#include "model/step.hpp"

namespace vinny {

class command_line;
class database;
class engine;
class health_check;
class job;
class ledger;
class service;
struct config;
struct config_problem;
struct explanation;
struct world;
namespace settings {
class settings_table;
}

/// How one kind of run is asked for, and how it is told.
struct job_kind {
  std::string_view pipeline;  // in the API and in the run's record
  /// From the body of POST /v1/runs. Fails with bad_json, naming the member. Null: a run of this
  /// name comes of another kind's request.
  result<std::shared_ptr<job>> (*parse)(boost::json::object const& body) = nullptr;
  std::span<std::string_view const> members{};  // of the body that are this kind's
  /// In one line, without those that failed: "8/9 pages, 4 images".
  std::string (*line)(tally const& counts) = nullptr;
  /// In several, indented, each with its newline.
  std::string (*report)(tally const& counts) = nullptr;
  /// Of --json instead of the run's document; empty: that one.
  std::string (*json_line)(tally const& counts, std::string_view state, double seconds) = nullptr;
  /// What was found not to be as it was recorded: exit code 9. Null: nothing is compared.
  std::int64_t (*mismatches)(tally const& counts) = nullptr;
  bool is_watched = false;  // vinny_run_last_success_timestamp_seconds has it
};

struct subsystem {
  std::string_view name;  // "captures": its folder, its label, the prefix of its notes
  std::span<migration const> (*tables)() noexcept = nullptr;  // of the catalog
  std::span<step_words const> steps{};
  std::unique_ptr<counter_set> (*counters)() = nullptr;
  std::span<job_kind const> jobs{};
  vinny::ledger const* ledger = nullptr;        // what it has put into the store: `vinny verify`
  vinny::health_check const* health = nullptr;  // what it needs outside: `vinny doctor`
  void (*configure)(settings::settings_table& to) = nullptr;  // its sections of the configuration
  std::shared_ptr<void> (*connect)(world& with) = nullptr;    // clients, one set a configuration
  void (*take_over)(world& with) = nullptr;  // a configuration, by the one that holds the catalog
  result<> (*stand_beside)(config const& settings) = nullptr;  // may a daemon beside it serve this
  std::unique_ptr<service> (*serve)(engine& work) = nullptr;   // as long as the daemon lives
  void (*command)(command_line& to) = nullptr;                 // verbs of `vinny`
  void (*count)(database& db, boost::json::object& totals) = nullptr;  // of GET /v1/status
  /// What is known of a thing is added to `to`.
  void (*explain)(database& db, std::string const& subject, std::vector<explanation>& to) = nullptr;
  /// What is wrong with settings and only the system can see.
  std::optional<config_problem> (*check)(config const& settings) = nullptr;
};

/// All systems of this program, in the order in which they are told of: daemon/systems.cmake.
[[nodiscard]] std::span<subsystem const* const> systems() noexcept;

/// The steps of all systems, in their order; one that two systems have stands once.
[[nodiscard]] std::vector<step_words> const& all_steps();
/// Null: no system has runs of that name.
[[nodiscard]] job_kind const* find_job_kind(std::string_view pipeline) noexcept;
/// "8/9 pages, 4 images, 0 failed", for lists of runs and the service manager.
[[nodiscard]] std::string run_line(std::string_view pipeline, tally const& counts);

}  // namespace vinny
