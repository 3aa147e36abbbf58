// SPDX-License-Identifier: MIT
//
// Every series that Vinny exports, made at once and at 0, so that a rate is right from the first
// event. docs/operations.md lists them for people.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/errc.hpp"
#include "model/step.hpp"
#include "observe/metrics.hpp"

namespace vinny {

/// "2xx" … "5xx"; "error" for anything that is no HTTP status (0: no answer came).
[[nodiscard]] std::string_view code_class(int status) noexcept;

/// All series, by reference into a registry that must outlive it.
struct instruments {
  explicit instruments(metrics& registry);
  /// Those of metrics::global().
  [[nodiscard]] static instruments& global();

  struct step_series {
    counter& done;       // vinny_items_done_total{step}
    gauge& in_progress;  // vinny_items_in_progress{step}
    gauge& queued;       // vinny_queue_items{step}
  };
  [[nodiscard]] step_series& of(run_step step);
  /// vinny_items_failed_total{step,reason}
  [[nodiscard]] counter& failed(run_step step, errc reason);
  /// vinny_image_rejected_total{reason}; a reason that is not about images counts as "other".
  [[nodiscard]] counter& image_rejected(errc reason) noexcept;
  /// One request that was sent: its status (0: no answer), how long it took, bytes of its body.
  void fetched(int status, std::chrono::duration<double> took, std::uint64_t body_bytes) noexcept;
  /// One request that was answered by the control endpoint. `route` is the template as in
  /// openapi.yaml, e.g. "/v1/runs/{id}"; one that was not added counts as "other".
  void answered(std::string_view route, int status, std::chrono::duration<double> took);
  /// That route is measured from now on, beginning at 0.
  void add_route(std::string_view route);
  /// vinny_runs_active{pipeline}, and with it vinny_run_active.
  void run_began(std::string_view pipeline);
  void run_ended(std::string_view pipeline);
  /// A run of that kind ended well: vinny_run_last_success_timestamp_seconds{pipeline}.
  void run_succeeded(std::string_view pipeline);
  /// After a reload: its outcome, and the time of the last good one.
  void reloaded(bool successful) noexcept;

  metrics& registry;
  gauge& run_active;                     // vinny_run_active: 0 or 1
  histogram& run_duration;               // vinny_run_duration_seconds
  histogram& fetch_duration;             // vinny_fetch_duration_seconds
  counter& fetch_received_bytes;         // vinny_fetch_received_bytes_total
  counter& robots_denied;                // vinny_robots_denied_total
  counter& address_blocked;              // vinny_address_blocked_total
  counter& store_put;                    // vinny_store_put_total: confirmed by the store
  counter& store_put_failures;           // vinny_store_put_failures_total
  counter& store_skipped;                // vinny_store_skipped_total: already there, unchanged
  counter& thumbnails_made;              // vinny_thumbnails_made_total
  counter& thumbnail_failures;           // vinny_thumbnail_failures_total
  counter& thumbnails_repaired;          // vinny_thumbnails_repaired_total
  counter& decoders_replaced;            // vinny_decoders_replaced_total
  histogram& thumbnail_duration;         // vinny_thumbnail_duration_seconds
  counter& published_rows;               // vinny_published_rows_total
  histogram& catalog_commit_duration;    // vinny_catalog_commit_duration_seconds
  gauge& catalog_wal_bytes;              // vinny_catalog_wal_bytes
  gauge& disk_free_bytes;                // vinny_disk_free_bytes
  gauge& disk_full;                      // vinny_disk_full: 0 or 1
  gauge& config_last_reload_successful;  // 0 or 1; starting counts as a reload
  gauge& config_last_reload_success_timestamp;  // …_seconds
  counter& watchdog_pings;                      // vinny_watchdog_pings_total

 private:
  static constexpr std::size_t reason_count = static_cast<std::size_t>(errc::internal);
  struct step_numbers {
    step_series series;
    std::array<counter*, reason_count> failed{};
  };
  std::map<std::string_view, step_numbers> steps_;
  std::set<std::string, std::less<>> routes_;
  int runs_ = 0;
  std::array<counter*, reason_count> rejected_{};
  std::array<counter*, 5> requests_{};  // 1xx cannot be a final answer
};

}  // namespace vinny
