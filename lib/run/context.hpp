// SPDX-License-Identifier: MIT
//
// What the stages of one run share. Lives on the loop.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "blob/file.hpp"
#include "blob/object_store.hpp"
#include "catalog/catalog.hpp"
#include "config/config.hpp"
#include "core/time.hpp"
#include "http/message.hpp"
#include "model/run.hpp"
#include "observe/names.hpp"
#include "run/disk_watch.hpp"
#include "run/feed.hpp"

namespace vinny {

class d1_rest;
class error_reports;
class library;
class lookup_service;
class sentry;
class slack;
struct capture_bucket;

/// Live numbers of one stage.
struct stage_board {
  std::int64_t pending = 0;
  std::int64_t active = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  bool halted = false;  // the operator must act: nothing new begins
};

struct run_context {
  config const& settings;
  catalog& facts;
  vinny::client& web;
  object_store& store;
  asio::thread_pool& cpu;
  file_root files;  // data_dir
  run_request request;
  run_record record;
  std::vector<venue> venues{};  // of this run
  run_feed feed{};
  std::array<stage_board, run_steps.size()> boards{};
  std::array<condition, run_steps.size()> wake{};  // work may have come for that stage
  std::vector<failure> halts{};                    // what stopped a stage
  std::vector<std::string> remarks{};              // what the operator should know besides
  std::string untold{};                            // why Slack was not told
  bool alone = false;                              // no daemon: long pieces of work harm nobody
  bool draining = false;                           // shutting down: nothing new begins
  int came_back = 0;                               // how often items were made pending by others
  disk_watch disk{settings.data_dir, settings.min_free};
  std::map<std::string, capture_bucket> const* capture_buckets = nullptr;  // of the world
  d1_rest* d1 = nullptr;          // null: D1 is not configured
  vinny::slack* slack = nullptr;  // null: nobody is told
  vinny::library* library = nullptr;
  lookup_service* lookups = nullptr;  // null: none is configured
  vinny::sentry* sentry = nullptr;    // null: none is configured
  error_reports* reports = nullptr;   // while the run goes on

  [[nodiscard]] stage_board& board(run_step step) noexcept {
    return boards[static_cast<std::size_t>(step)];
  }
  [[nodiscard]] condition& waker(run_step step) noexcept {
    return wake[static_cast<std::size_t>(step)];
  }
  [[nodiscard]] run_counts& counts() noexcept { return record.counts; }
};

/// Milliseconds since the epoch: the catalog's due times.
[[nodiscard]] inline std::int64_t to_ms(instant t) {
  return t.time_since_epoch().count();
}

}  // namespace vinny
