// SPDX-License-Identifier: MIT
//
// The part that runs runs, for the daemon and the command alike: one catalog, one world, one run
// at a time. Lives on the loop.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <string>

#include "catalog/hosts.hpp"
#include "http/host_registry.hpp"
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

  /// Records a run and starts it; it is on disk when this returns. Errors: run_active (the message
  /// names it), not_found (unknown venue or run),
  /// and, of one that works beside another, catalog_locked.
  [[nodiscard]] task<result<std::string>> start(run_request request);
  /// The run that is going on, or the last one of this process; null before the first.
  [[nodiscard]] std::shared_ptr<run_context> current() const noexcept { return current_; }
  /// The run that is going on; null when none is.
  [[nodiscard]] std::shared_ptr<run_context> running() const noexcept {
    return current_ && current_->record.id == active_ ? current_ : nullptr;
  }
  /// The id of the active run, also while it is being recorded; empty when there is none.
  [[nodiscard]] std::string const& active() const noexcept { return active_; }
  [[nodiscard]] bool is_running() const noexcept { return !active_.empty(); }
  /// Ends the active run early; it counts as cancelled.
  void cancel();
  /// Waits until no run is active.
  [[nodiscard]] task<> idle();
  /// Waits until the end of every run has been told to whom it is to be told, or `limit`.
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
  /// The same for those who wait meanwhile: a reload makes another one.
  [[nodiscard]] std::shared_ptr<world> hold_outside() const noexcept { return world_; }
  /// Changes a host for everything that asks it from now on; on disk when it returns.
  [[nodiscard]] task<> change_host(std::string host, host_change how);
  /// The active run looks at its lists again: items that it has passed by are pending.
  void work_came_back();
  [[nodiscard]] asio::thread_pool& cpu() noexcept { return cpu_; }
  [[nodiscard]] asio::any_io_executor const& loop() const noexcept { return loop_; }
  [[nodiscard]] file_root const& files() const noexcept { return files_; }

 private:
  engine(std::shared_ptr<config const> settings, asio::any_io_executor loop,
         std::unique_ptr<catalog> facts);
  /// What the catalog says of them, once.
  [[nodiscard]] result<> know_hosts(config const& settings);
  [[nodiscard]] task<> perform(std::shared_ptr<run_context> run, std::shared_ptr<world> outside);
  [[nodiscard]] static task<> tell_end(std::shared_ptr<run_context> run,
                                       std::shared_ptr<run_notices> notices,
                                       std::shared_ptr<world> outside);
  void forget_the_old();
  [[nodiscard]] result<> same_thumbnail_store() const;
  [[nodiscard]] task<result<>> must_exist(std::string const& reuse);

  std::shared_ptr<config const> settings_;
  asio::any_io_executor loop_;
  std::unique_ptr<catalog> facts_;
  file_root files_;
  asio::thread_pool cpu_;
  dns_cache names_;
  std::unique_ptr<catalog_host_memory> memory_;
  std::unique_ptr<host_registry> hosts_;  // one for all configurations
  std::shared_ptr<world> world_;
  std::shared_ptr<run_context> current_;
  std::string active_;
  bool draining_ = false;
  bool alone_ = false;
  engine_role role_ = engine_role::whole;
  condition idle_;
  std::unique_ptr<task_group> runs_;
  std::unique_ptr<task_group> farewells_;
};

}  // namespace vinny
