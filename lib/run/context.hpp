// SPDX-License-Identifier: MIT
//
// What the stages of one run share. Lives on the loop.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <cassert>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "blob/file.hpp"
#include "blob/object_store.hpp"
#include "catalog/catalog.hpp"
#include "config/config.hpp"
#include "core/time.hpp"
#include "http/client_share.hpp"
#include "model/run.hpp"
#include "model/step.hpp"
#include "observe/names.hpp"
#include "run/disk_watch.hpp"
#include "run/feed.hpp"
#include "run/job.hpp"
#include "run/world.hpp"
#include "task/offload.hpp"
#include "task/semaphore.hpp"

namespace vinny {

class error_reports;

/// Live numbers of one stage.
struct stage_board {
  std::int64_t pending = 0;
  std::int64_t active = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  bool halted = false;  // the operator must act: nothing new begins
};

struct run_context {
  /// Lifetime: `facts` and `cpu` outlive it; it keeps `outside`.
  run_context(std::shared_ptr<world> outside, catalog& facts, asio::thread_pool& cpu,
              file_root files, std::shared_ptr<job> asked, run_record record);

  std::shared_ptr<world> outside;  // null once its end has been told: then only what is kept of it
  config const& settings;
  catalog& facts;
  client_share web;  // hosts, in turn with other runs
  object_store& store;
  asio::thread_pool& cpu;
  file_root files;  // data_dir
  std::shared_ptr<job> work;
  run_record record;
  run_feed feed{};
  std::int64_t deferred = 0;           // items that were put off
  std::vector<failure> halts{};        // what stopped a stage
  std::vector<std::string> remarks{};  // what the operator should know besides
  std::string slack_error{};           // why Slack was not told
  bool alone = false;                  // no daemon: long pieces of work harm nobody
  bool draining = false;               // shutting down: nothing new begins
  int came_back = 0;                   // how often items were made pending by others
  disk_watch disk;
  semaphore cpu_turns;               // a few a core: no run fills the line of all others
  error_reports* reports = nullptr;  // while the run goes on

  [[nodiscard]] stage_board& board(run_step step) { return stages_.at(step.name).board; }
  /// Work may have come for that stage.
  [[nodiscard]] condition& waker(run_step step) { return stages_.at(step.name).wake; }
  void wake_all();

  /// The counters of one system.
  template <class Counts>
  [[nodiscard]] Counts& counts() {
    for (auto const& one : counters_) {
      if (auto* const found = dynamic_cast<counters_of<Counts>*>(one.get())) return found->numbers;
    }
    std::terminate();  // its system is not in systems()
  }
  /// The numbers of all of them.
  [[nodiscard]] tally totals() const;
  /// The record with the numbers as they are now.
  [[nodiscard]] run_record snapshot() const;

  /// What was asked for, by who knows its kind.
  template <class Job>
  [[nodiscard]] Job const& asked() const {
    auto const* const out = dynamic_cast<Job const*>(work.get());
    assert(out != nullptr);
    return *out;
  }

  /// A failure that stopped a stage; cancellation is none.
  void note_halt(result<> const& outcome);

 private:
  struct stage_place {
    stage_board board;
    condition wake;
  };
  std::map<std::string_view, stage_place> stages_;
  std::vector<std::unique_ptr<counter_set>> counters_;
};

/// Runs `work()` on the pool, in turn with other runs' work; else as offload().
template <class Work>
[[nodiscard]] task<std::invoke_result_t<Work>> on_cpu(run_context& run, Work work) {
  auto const turn = co_await run.cpu_turns.acquire();
  co_return co_await offload(run.cpu, std::move(work));
}

/// Milliseconds since the epoch: the catalog's due times.
[[nodiscard]] inline std::int64_t to_ms(instant t) {
  return t.time_since_epoch().count();
}

}  // namespace vinny
