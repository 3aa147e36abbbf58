// SPDX-License-Identifier: MIT
#include "policy/quarantine.hpp"

#include <catch2/catch.hpp>

#include "policy/host_lane.hpp"

using namespace vinny;
using namespace std::chrono_literals;

namespace {
instant const t0 = std::chrono::sys_days{std::chrono::year{2027} / 6 / 12};
}

TEST_CASE("500 errors and more than half of all requests: quarantine (4.5, 38)") {
  host_record few;
  for (int i = 0; i < 499; ++i) few.failed(t0, {});
  CHECK_FALSE(few.quarantined_at);
  few.failed(t0 + 1s, {});
  CHECK(few.quarantined_at == t0 + 1s);

  host_record mostly_good;
  for (int i = 0; i < 501; ++i) mostly_good.succeeded();
  for (int i = 0; i < 501; ++i) mostly_good.failed(t0, {});
  CHECK(mostly_good.error_rate() == 50.0);
  CHECK_FALSE(mostly_good.quarantined_at);
  mostly_good.failed(t0, {});
  CHECK(mostly_good.quarantined_at);
}

TEST_CASE("twenty good answers in a row prove a host healthy, nineteen do not") {
  host_record one;
  for (int i = 0; i < 500; ++i) one.failed(t0, {});
  for (int i = 0; i < 19; ++i) one.succeeded();
  CHECK(one.quarantined_at);
  one.failed(t0, {});
  for (int i = 0; i < 19; ++i) one.succeeded();
  CHECK(one.quarantined_at == t0);
  one.succeeded();
  CHECK(one == host_record{});
}

TEST_CASE("an operator's release sticks: only new errors count") {
  host_lane lane{{.quarantine = {.errors = 3, .percent = 50}}};
  for (int i = 0; i < 3; ++i) lane.failed(t0);
  lane.cool_down(t0 + 1h);
  REQUIRE(lane.record().quarantined_at);
  lane.change({.release = true}, t0);
  CHECK_FALSE(lane.record().quarantined_at);
  CHECK_FALSE(lane.blocked(t0));
  host_lane again;
  again.restore(lane.state(), t0);
  again.failed(t0);
  CHECK_FALSE(again.record().quarantined_at);
}

TEST_CASE("an operator's pace goes before the configuration, and outlives the process") {
  host_lane lane{{.delay = 200ms, .concurrency = 2}};
  lane.change({.delay = {true, 1500ms}, .concurrency = {true, 1}}, t0);
  CHECK(lane.delay() == 1500ms);
  host_lane again{{.delay = 200ms, .concurrency = 2}};
  again.restore(lane.state(), t0);
  CHECK(again.delay() == 1500ms);
  CHECK(again.concurrency() == 1);
  again.set_crawl_delay(5s);
  CHECK(again.delay() == 5s);
  again.set_crawl_delay(std::nullopt);
  again.change({.delay = {true, std::nullopt}}, t0);
  CHECK(again.delay() == 200ms);
  CHECK(again.concurrency() == 1);
}

TEST_CASE("answers alone are no news to be written down") {
  host_lane lane;
  auto const before = lane.state();
  lane.succeeded();
  CHECK_FALSE(lane.state().has_news(before));
  lane.failed(t0);
  CHECK(lane.state().has_news(before));
}
