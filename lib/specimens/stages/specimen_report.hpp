// SPDX-License-Identifier: MIT
//
// How far the specimens are, from the catalog alone: read-only, beside a program that works on it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "specimens/tables/specimen_totals.hpp"

namespace vinny {

struct specimen_report {
  std::filesystem::path catalog;
  instant at{};
  specimen_totals totals;
  struct failure_row {
    std::string reason;
    bool retryable = false;
    std::int64_t images = 0;
  };
  std::vector<failure_row> failures;  // most first
  struct attempts_row {
    int attempts = 0;
    std::int64_t images = 0;
    std::int64_t exhausted = 0;
  };
  std::vector<attempts_row> attempts;
  struct page_row {
    std::string host;
    std::int64_t images = 0;
    std::string sample;
  };
  std::vector<page_row> pages;  // that came instead of images; at most 20
  struct host_row {
    std::string host;
    std::int64_t failed = 0;
    std::int64_t success = 0;
  };
  std::vector<host_row> hosts;  // with the most failed images; at most 20
  struct queue_row {
    std::string host;
    std::int64_t pending = 0;
    std::int64_t failed = 0;
    std::int64_t success = 0;
  };
  std::vector<queue_row> queue;  // hosts with the most pending images; at most 20
  struct rest_row {
    std::string host;
    std::string until;
    bool breaker = false;
  };
  std::vector<rest_row> resting;
  std::int64_t retired = 0;   // of the last list
  std::int64_t rejected = 0;  // its lines
  std::string list;           // its name, and when it was read
};

/// Throws SQLite::Exception.
[[nodiscard]] specimen_report report_specimens(database& db, std::filesystem::path const& catalog,
                                               instant at);
[[nodiscard]] std::string to_json(specimen_report const& report);
/// The nine sections, for a terminal or a file.
[[nodiscard]] std::string to_text(specimen_report const& report);

}  // namespace vinny
