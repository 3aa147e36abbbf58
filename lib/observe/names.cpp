// SPDX-License-Identifier: MIT
#include "observe/names.hpp"

#include <algorithm>
#include <string>

#include "model/subsystem.hpp"
#include "observe/log.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 5> class_names{"2xx", "3xx", "4xx", "5xx", "error"};

constexpr std::string_view other = "other";

constexpr std::array image_reasons{
    errc::not_an_image,    errc::image_type_unsupported, errc::image_too_few_bytes,
    errc::image_too_small, errc::image_too_large,        errc::image_bomb,
    errc::image_corrupt,   errc::image_corrupt_again,    errc::body_too_large};

std::vector<double> run_bounds() {
  return {1, 5, 15, 60, 300, 900, 3600, 14400};
}
std::vector<double> fetch_bounds() {
  return {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120};
}
std::vector<double> commit_bounds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5};
}
std::vector<double> answer_bounds() {
  return {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10};
}

std::size_t index_of(errc code, std::size_t size) noexcept {
  auto const at = static_cast<std::size_t>(code) - 1;
  return at < size ? at : size - 1;
}

std::size_t class_index(int status) noexcept {
  return status >= 200 && status < 600 ? static_cast<std::size_t>(status / 100 - 2) : 4;
}

histogram& answer_series(metrics& registry, std::string_view route, std::string_view answer_class) {
  return registry.histogram(
      "vinny_http_request_duration_seconds", "Time to answer a request at the control endpoint.",
      answer_bounds(), {{"route", std::string{route}}, {"code_class", std::string{answer_class}}});
}

gauge& last_success(metrics& registry, std::string_view pipeline) {
  return registry.gauge("vinny_run_last_success_timestamp_seconds",
                        "When the last successful run ended; 0: none yet.",
                        {{"pipeline", std::string{pipeline}}});
}

gauge& active_runs(metrics& registry, std::string_view pipeline) {
  return registry.gauge("vinny_runs_active", "Runs that are active.",
                        {{"pipeline", std::string{pipeline}}});
}

}  // namespace

std::string_view code_class(int status) noexcept {
  return class_names[class_index(status)];
}

instruments& instruments::global() {
  static instruments& instance = *new instruments{metrics::global()};
  return instance;
}

instruments::instruments(metrics& to)
    : registry(to),
      run_active(to.gauge("vinny_run_active", "1 while a run is active.")),
      run_duration(to.histogram("vinny_run_duration_seconds", "How long runs took.", run_bounds())),
      fetch_duration(to.histogram("vinny_fetch_duration_seconds",
                                  "Time from sending a request to the end of its answer.",
                                  fetch_bounds())),
      fetch_received_bytes(
          to.counter("vinny_fetch_received_bytes_total", "Bytes of bodies received.")),
      robots_denied(to.counter("vinny_robots_denied_total", "URLs that robots.txt forbade.")),
      address_blocked(to.counter("vinny_address_blocked_total",
                                 "Connections refused because the address is not public.")),
      store_put(to.counter("vinny_store_put_total", "Objects that the store confirmed.")),
      store_put_failures(to.counter("vinny_store_put_failures_total", "Puts that failed.")),
      store_skipped(
          to.counter("vinny_store_skipped_total", "Objects not put because they are unchanged.")),
      thumbnails_made(to.counter("vinny_thumbnails_made_total", "Thumbnails made and stored.")),
      thumbnail_failures(
          to.counter("vinny_thumbnail_failures_total", "Thumbnails that could not be made.")),
      thumbnails_repaired(to.counter("vinny_thumbnails_repaired_total",
                                     "Thumbnails and objects found without each other.")),
      decoders_replaced(
          to.counter("vinny_decoders_replaced_total", "Image decoders that died of an image.")),
      thumbnail_duration(to.histogram("vinny_thumbnail_duration_seconds",
                                      "How long it took to make a thumbnail.", fetch_bounds())),
      published_rows(to.counter("vinny_published_rows_total", "Rows written to the database.")),
      catalog_commit_duration(to.histogram("vinny_catalog_commit_duration_seconds",
                                           "How long commits to the catalog took.",
                                           commit_bounds())),
      catalog_wal_bytes(to.gauge("vinny_catalog_wal_bytes", "Size of the catalog's WAL file.")),
      disk_free_bytes(to.gauge("vinny_disk_free_bytes", "Free bytes under data_dir.")),
      disk_full(to.gauge("vinny_disk_full", "1 while work waits for disk space.")),
      config_last_reload_successful(
          to.gauge("vinny_config_last_reload_successful", "1 when the last reload was accepted.")),
      config_last_reload_success_timestamp(
          to.gauge("vinny_config_last_reload_success_timestamp_seconds",
                   "When a configuration was last accepted.")),
      watchdog_pings(to.counter("vinny_watchdog_pings_total", "Pings to the service manager.")) {
  to.gauge("vinny_build_info", "Always 1; what was built is in the labels.",
           {{"version", VINNY_VERSION}})
      .set(1);

  for (auto const* const system : systems()) {
    for (auto const& kind : system->jobs) {
      if (kind.is_watched) last_success(to, kind.pipeline);
      active_runs(to, kind.pipeline);
    }
  }
  for (auto const& [step, label, verb, alone] : all_steps()) {
    metric_labels const of_step{{"step", std::string{name(step)}}};
    step_numbers made{
        .series = {to.counter("vinny_items_done_total", "Pieces of work finished.", of_step),
                   to.gauge("vinny_items_in_progress", "Pieces of work under way.", of_step),
                   to.gauge("vinny_queue_items", "Pieces of work that wait.", of_step)}};
    for (std::size_t i = 0; i < reason_count; ++i) {
      made.failed[i] =
          &to.counter("vinny_items_failed_total", "Pieces of work given up or put off, by reason.",
                      {of_step.front(), {"reason", std::string{name(errc(i + 1))}}});
    }
    steps_.emplace(step.name, made);
  }

  constexpr auto* rejected_help = "Images refused, by reason.";
  rejected_.fill(
      &to.counter("vinny_image_rejected_total", rejected_help, {{"reason", std::string{other}}}));
  for (auto const reason : image_reasons) {
    rejected_[index_of(reason, reason_count)] = &to.counter(
        "vinny_image_rejected_total", rejected_help, {{"reason", std::string{name(reason)}}});
  }
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    requests_[i] =
        &to.counter("vinny_fetch_requests_total", "Requests sent, by class of the answer's status.",
                    {{"code_class", std::string{class_names[i]}}});
  }
  answer_series(to, other, "4xx");

  std::array<counter*, log_level_count> lines{};
  for (std::size_t i = 0; i < log_level_count; ++i) {
    lines[i] = &to.counter("vinny_log_messages_total", "Lines logged, by level.",
                           {{"level", std::string{name(log_level(i))}}});
  }
  auto& lost = to.counter("vinny_log_lines_lost_total",
                          "Lines that found no room because nobody read the log.");
  to.on_collect([lines, &lost] {
    auto const counts = log_counts();
    lost.raise_to(lost_log_lines());
    for (std::size_t i = 0; i < log_level_count; ++i) lines[i]->raise_to(counts[i]);
  });
}

instruments::step_series& instruments::of(run_step step) {
  return steps_.at(step.name).series;
}

counter& instruments::failed(run_step step, errc reason) {
  return *steps_.at(step.name).failed[index_of(reason, reason_count)];
}

counter& instruments::image_rejected(errc reason) noexcept {
  return *rejected_[index_of(reason, reason_count)];
}

void instruments::fetched(int status, std::chrono::duration<double> took,
                          std::uint64_t body_bytes) noexcept {
  requests_[class_index(status)]->add();
  fetch_duration.observe(took.count());
  fetch_received_bytes.add(body_bytes);
}

void instruments::answered(std::string_view route, int status, std::chrono::duration<double> took) {
  auto const measured = routes_.contains(route) ? route : other;
  answer_series(registry, measured, code_class(status)).observe(took.count());
}

void instruments::add_route(std::string_view route) {
  if (routes_.emplace(route).second) answer_series(registry, route, class_names.front());
}

void instruments::run_began(std::string_view pipeline) {
  active_runs(registry, pipeline).add();
  run_active.set(++runs_ > 0 ? 1 : 0);
}

void instruments::run_ended(std::string_view pipeline) {
  active_runs(registry, pipeline).sub();
  run_active.set(--runs_ > 0 ? 1 : 0);
}

void instruments::run_succeeded(std::string_view pipeline) {
  last_success(registry, pipeline).set_to_now();
}

void instruments::reloaded(bool successful) noexcept {
  config_last_reload_successful.set(successful ? 1 : 0);
  if (successful) config_last_reload_success_timestamp.set_to_now();
}

}  // namespace vinny
