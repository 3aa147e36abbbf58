// SPDX-License-Identifier: MIT
//
// The part that runs runs, for the daemon and the command alike: one catalog, one world, and at
// most one run that takes a system's place. Lives on the loop.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/hosts.hpp"
#include "http/host_registry.hpp"
#include "run/plan/places.hpp"
#include "run/run.hpp"
#include "run/world.hpp"
#include "task/task_group.hpp"

namespace vinny {

/// `whole`: it holds the catalog. `beside`: another one does, and this one has no runs.
enum class engine_role { whole, beside };

class engine {
 public:
  /// Opens the catalog (its errors), and closes runs that a crash cut off.
  [[nodiscard]] static result<std::unique_ptr<engine>> open(std::shared_ptr<config const> settings,
                                                            asio::any_io_executor loop,
                                                            std::string const& program,
                                                            engine_role role = engine_role::whole);
  ~engine();

  /// Records a run and starts it; it is on disk when this returns. Errors: run_active (a run has
  /// the place of one of its systems; `evidence` is its id), not_found (of the job's prepare()),
  /// and, of one that works beside another, catalog_locked.
  [[nodiscard]] task<result<std::string>> start(std::shared_ptr<job> asked);
  /// The runs that are going on, the eldest first.
  [[nodiscard]] std::vector<std::shared_ptr<run_context>> running() const;
  /// A run that is going on, or one of the last that ended; null: neither.
  [[nodiscard]] std::shared_ptr<run_context> find(std::string_view id) const;
  /// The run that ended last; null before the first end.
  [[nodiscard]] std::shared_ptr<run_context> last_ended() const;
  [[nodiscard]] bool is_running() const noexcept { return !active_.empty(); }
  /// A run has the place of that system.
  [[nodiscard]] bool is_taken(std::string_view system) const noexcept;
  /// Ends a run early, and waits for its end; it counts as cancelled. Nothing happens when it is
  /// not going on.
  [[nodiscard]] task<> cancel(std::string id);
  /// Waits until no run is active.
  [[nodiscard]] task<> idle();
  /// Waits until every end-of-run message has been sent, at most until `limit`.
  [[nodiscard]] task<> told(deadline limit = no_deadline);

  /// Nothing new begins; what is under way may end until `limit`, then it is cancelled.
  [[nodiscard]] task<> drain(deadline limit);
  [[nodiscard]] bool draining() const noexcept { return draining_; }

  /// For the next run on. Fails with config_invalid and keeps the old one.
  [[nodiscard]] result<> reconfigure(std::shared_ptr<config const> settings);
  [[nodiscard]] std::shared_ptr<config const> settings() const noexcept { return settings_; }

  [[nodiscard]] catalog& facts() noexcept { return *facts_; }
  [[nodiscard]] host_registry& hosts() noexcept { return *hosts_; }
  [[nodiscard]] dns_cache& names() noexcept { return names_; }
  [[nodiscard]] world& outside() noexcept { return *world_; }
  /// Keeps the current one alive across a co_await: a reload replaces it.
  [[nodiscard]] std::shared_ptr<world> hold_outside() const noexcept { return world_; }
  /// Changes a host for everything that asks it from now on; on disk when it returns.
  [[nodiscard]] task<> change_host(std::string host, host_change how);
  /// The active runs look at their lists again: items that they have passed by are pending.
  void work_came_back();
  [[nodiscard]] asio::thread_pool& cpu() noexcept { return cpu_; }
  [[nodiscard]] asio::any_io_executor const& loop() const noexcept { return loop_; }
  [[nodiscard]] file_root const& files() const noexcept { return files_; }

 private:
  struct active_run {
    active_run(std::string name, asio::any_io_executor loop)
        : id(std::move(name)), tasks(std::move(loop)) {}

    std::string id;
    std::shared_ptr<run_context> run{};  // null while it is being recorded
    task_group tasks;
  };
  using place = std::list<active_run>::iterator;

  engine(std::shared_ptr<config const> settings, asio::any_io_executor loop,
         std::unique_ptr<catalog> facts);
  /// What the catalog says of them, once.
  [[nodiscard]] result<> know_hosts(config const& settings);
  [[nodiscard]] task<result<>> prepare(run_context& run);
  [[nodiscard]] task<> perform(place at);
  void leave(place at);
  [[nodiscard]] static task<> tell_end(std::shared_ptr<run_context> run,
                                       std::shared_ptr<run_notices> notices);
  void forget_the_old();

  std::shared_ptr<config const> settings_;
  asio::any_io_executor loop_;
  std::unique_ptr<catalog> facts_;
  file_root files_;
  asio::thread_pool cpu_;
  dns_cache names_;
  std::unique_ptr<catalog_host_memory> memory_;
  std::unique_ptr<host_registry> hosts_;  // one for all configurations
  std::shared_ptr<world> world_;
  run_places places_;
  std::list<active_run> active_;                     // the eldest first
  std::list<std::shared_ptr<run_context>> ended_{};  // the newest first
  bool draining_ = false;
  bool alone_ = false;
  engine_role role_ = engine_role::whole;
  condition run_ended_;
  std::unique_ptr<task_group> ends_;  // of runs that have left their place
  std::unique_ptr<task_group> end_messages_;
};

}  // namespace vinny
