// SPDX-License-Identifier: MIT
#include "observe/names.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "core/text.hpp"
#include "model/subsystem.hpp"
#include "observe/log.hpp"

using namespace vinny;

namespace {

bool has(std::string_view text, std::string_view line) {
  return text.starts_with(std::string{line} + '\n') ||
         text.find('\n' + std::string{line} + '\n') != std::string_view::npos;
}

}  // namespace

TEST_CASE("every known series is there from the start, at 0") {
  metrics registry;
  instruments all{registry};
  all.add_route("/v1/runs/{id}");
  auto const text = registry.text();
  for (auto const* line : {"vinny_run_active 0",
                           "vinny_run_last_success_timestamp_seconds{pipeline=\"sync\"} 0",
                           "vinny_run_duration_seconds_count 0",
                           "vinny_items_done_total{step=\"scrape\"} 0",
                           "vinny_items_done_total{step=\"publish\"} 0",
                           "vinny_items_failed_total{reason=\"http_not_found\",step=\"images\"} 0",
                           "vinny_items_failed_total{reason=\"internal\",step=\"upload\"} 0",
                           "vinny_items_in_progress{step=\"images\"} 0",
                           "vinny_queue_items{step=\"upload\"} 0",
                           "vinny_fetch_requests_total{code_class=\"2xx\"} 0",
                           "vinny_fetch_requests_total{code_class=\"error\"} 0",
                           "vinny_fetch_duration_seconds_count 0",
                           "vinny_fetch_received_bytes_total 0",
                           "vinny_robots_denied_total 0",
                           "vinny_address_blocked_total 0",
                           "vinny_image_rejected_total{reason=\"image_bomb\"} 0",
                           "vinny_store_put_total 0",
                           "vinny_store_put_failures_total 0",
                           "vinny_store_skipped_total 0",
                           "vinny_published_rows_total 0",
                           "vinny_catalog_commit_duration_seconds_count 0",
                           "vinny_catalog_wal_bytes 0",
                           "vinny_disk_free_bytes 0",
                           "vinny_disk_full 0",
                           "vinny_config_last_reload_successful 0",
                           "vinny_config_last_reload_success_timestamp_seconds 0",
                           "vinny_watchdog_pings_total 0",
                           "vinny_build_info{version=\"" VINNY_VERSION "\"} 1"}) {
    INFO(line);
    CHECK(has(text, line));
  }
  CHECK(text.find("vinny_log_messages_total{level=\"error\"} ") != std::string::npos);
  CHECK(text.find("vinny_http_request_duration_seconds_count{code_class=\"2xx\","
                  "route=\"/v1/runs/{id}\"} 0\n") != std::string::npos);
}

TEST_CASE("there are at most 2000 series and none twice") {
  metrics registry;
  instruments all{registry};
  for (auto const* route : {"/v1/runs", "/v1/status", "/metrics"}) {
    all.add_route(route);
    for (int const status : {200, 302, 404, 503}) {
      all.answered(route, status, std::chrono::milliseconds{1});
    }
  }
  std::set<std::string> seen;
  auto const text = metrics_page(registry);
  for (auto const line : split(text, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    auto const series = std::string{line.substr(0, line.rfind(' '))};
    INFO(series);
    CHECK(seen.insert(series).second);
  }
  CHECK(seen.size() > 300);
  CHECK(seen.size() <= 2000);
}

TEST_CASE("two sets of instruments over one registry are the same series") {
  metrics registry;
  instruments first{registry};
  instruments second{registry};
  first.store_put.add();
  second.store_put.add();
  CHECK(first.store_put.value() == 2);
  CHECK(&instruments::global() == &instruments::global());
  CHECK(&instruments::global().registry == &metrics::global());
}

TEST_CASE("each step and each reason counts for itself") {
  metrics registry;
  instruments all{registry};
  std::uint64_t n = 0;
  for (auto const& one : all_steps()) {
    all.of(one.step).done.add(++n);
    all.failed(one.step, errc::http_not_found).add(10 * n);
  }
  all.failed(run_step{"scrape"}, errc::dns_failure).add(7);
  all.failed(run_step{"publish"}, errc::internal).add(8);
  auto const text = registry.text();
  CHECK(has(text, "vinny_items_done_total{step=\"images\"} 2"));
  CHECK(has(text, "vinny_items_done_total{step=\"publish\"} 4"));
  CHECK(has(text, "vinny_items_failed_total{reason=\"http_not_found\",step=\"upload\"} 30"));
  CHECK(has(text, "vinny_items_failed_total{reason=\"dns_failure\",step=\"scrape\"} 7"));
  CHECK(has(text, "vinny_items_failed_total{reason=\"internal\",step=\"publish\"} 8"));
}

TEST_CASE("an image refused for a reason that is not about images counts as other") {
  metrics registry;
  instruments all{registry};
  all.image_rejected(errc::image_too_small).add();
  all.image_rejected(errc::http_gone).add();
  all.image_rejected(errc::disk_full).add();
  auto const text = registry.text();
  CHECK(has(text, "vinny_image_rejected_total{reason=\"image_too_small\"} 1"));
  CHECK(has(text, "vinny_image_rejected_total{reason=\"other\"} 2"));
}

TEST_CASE("a status belongs to one class") {
  struct row {
    int status;
    char const* expected;
  };
  auto const [status, expected] = GENERATE(values<row>({{200, "2xx"},
                                                        {299, "2xx"},
                                                        {304, "3xx"},
                                                        {404, "4xx"},
                                                        {599, "5xx"},
                                                        {600, "error"},
                                                        {100, "error"},
                                                        {0, "error"},
                                                        {-1, "error"}}));
  CHECK(code_class(status) == expected);
  metrics registry;
  instruments all{registry};
  all.fetched(status, std::chrono::seconds{2}, 1000);
  CHECK(has(registry.text(),
            "vinny_fetch_requests_total{code_class=\"" + std::string{expected} + "\"} 1"));
  CHECK(has(registry.text(), "vinny_fetch_received_bytes_total 1000"));
  CHECK(has(registry.text(), "vinny_fetch_duration_seconds_sum 2"));
}

TEST_CASE("a path that somebody made up does not make a series") {
  metrics registry;
  instruments all{registry};
  all.add_route("/v1/runs");
  all.answered("/v1/../../etc/passwd", 404, std::chrono::milliseconds{1});
  all.answered("/v1/runs", 202, std::chrono::milliseconds{1});
  auto const text = registry.text();
  CHECK(text.find("passwd") == std::string::npos);
  CHECK(
      has(text, "vinny_http_request_duration_seconds_count{code_class=\"4xx\",route=\"other\"} 1"));
  CHECK(has(text,
            "vinny_http_request_duration_seconds_count{code_class=\"2xx\",route=\"/v1/runs\"} 1"));
}

TEST_CASE("a reload that failed leaves the time of the last good one") {
  metrics registry;
  instruments all{registry};
  all.reloaded(true);
  auto const at = all.config_last_reload_success_timestamp.value();
  CHECK(at > 1.7e9);
  all.reloaded(false);
  CHECK(all.config_last_reload_successful.value() == 0);
  CHECK(all.config_last_reload_success_timestamp.value() == at);
}

TEST_CASE("logged lines are counted by level") {
  metrics registry;
  instruments const all{registry};
  auto const expected = std::to_string(log_counts()[static_cast<std::size_t>(log_level::error)]);
  CHECK(has(registry.text(), "vinny_log_messages_total{level=\"error\"} " + expected));
}

TEST_CASE("promtool finds nothing to say about the metrics page") {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
    WARN("promtool is not installed: apt-get install prometheus");
    return;
  }
  metrics registry;
  instruments all{registry};
  all.fetched(200, std::chrono::milliseconds{30}, 5);
  all.answered("/v1/runs/{id}", 404, std::chrono::milliseconds{1});
  std::FILE* const page = std::tmpfile();
  auto const text = metrics_page(registry);
  REQUIRE(std::fwrite(text.data(), 1, text.size(), page) == text.size());
  REQUIRE(std::fflush(page) == 0);
  auto const command =
      "promtool check metrics </proc/self/fd/" + std::to_string(::fileno(page)) + " 2>&1";
  std::string said;
  std::FILE* const tool = ::popen(command.c_str(), "r");
  REQUIRE(tool != nullptr);
  for (int c = std::fgetc(tool); c != EOF; c = std::fgetc(tool)) said += static_cast<char>(c);
  CHECK(::pclose(tool) == 0);
  CHECK(said.empty());
  std::fclose(page);
}
