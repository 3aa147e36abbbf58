// SPDX-License-Identifier: MIT
#include "policy/host_lane.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <vector>

using namespace vinny;
using namespace std::chrono_literals;

namespace {

using time_point = host_lane::time_point;

instant const t0 = std::chrono::sys_days{std::chrono::year{2027} / 6 / 12};
time_point const s0{1'000h};

host_lane lane_with(int failures, std::chrono::milliseconds rest) {
  return host_lane{
      {.delay = 200ms, .concurrency = 2, .breaker_failures = failures, .breaker_rest = rest}};
}

void fail_times(host_lane& lane, int times, instant at) {
  for (int i = 0; i < times; ++i) lane.failed(at);
}

}  // namespace

TEST_CASE("the first request of a lane may start at once") {
  host_lane const lane;
  CHECK(lane.next_start(s0) == s0);
  CHECK(lane.next_start(time_point::min()) == time_point::min());
}

TEST_CASE("the next request starts a delay after the last was written") {
  host_lane lane{{.delay = 200ms}};
  lane.started(s0);
  CHECK(lane.next_start(s0) == s0 + 200ms);
  CHECK(lane.next_start(s0 + 150ms) == s0 + 200ms);
  CHECK(lane.next_start(s0 + 200ms) == s0 + 200ms);
  CHECK(lane.next_start(s0 + 5s) == s0 + 5s);

  lane.started(s0 + 300ms, 20ms);
  CHECK(lane.next_start(s0 + 300ms) == s0 + 520ms);

  lane.started(s0 + 100ms);
  CHECK(lane.next_start(s0 + 300ms) == s0 + 520ms);
}

TEST_CASE("the answer's first byte ends the slack and never lengthens the wait") {
  host_lane lane{{.delay = 200ms}};
  lane.arrived(s0);
  CHECK(lane.next_start(s0) == s0);
  lane.started(s0, 50ms);
  lane.arrived(s0 + 80ms);
  CHECK(lane.next_start(s0) == s0 + 250ms);
  lane.arrived(s0 + 10ms);
  CHECK(lane.next_start(s0) == s0 + 210ms);
}

TEST_CASE("a crawl delay raises the delay and never lowers it") {
  struct row {
    std::optional<std::chrono::milliseconds> crawl_delay;
    std::chrono::milliseconds expected;
  };
  std::vector<row> const rows{
      {std::nullopt, 200ms}, {0ms, 200ms}, {-5s, 200ms}, {100ms, 200ms}, {1s, 1s}, {60s, 60s},
      {60'001ms, 200ms},     {24h, 200ms},
  };
  for (auto const& r : rows) {
    CAPTURE(r.expected.count());
    host_lane lane{{.delay = 200ms}};
    lane.started(s0);
    lane.set_crawl_delay(30s);
    lane.set_crawl_delay(r.crawl_delay);
    CHECK(lane.delay() == r.expected);
    CHECK(lane.next_start(s0) == s0 + r.expected);
  }
}

TEST_CASE("new limits hold from the next question on") {
  host_lane lane{{.delay = 200ms}};
  lane.started(s0);
  lane.set_limits({.delay = 2s});
  CHECK(lane.next_start(s0) == s0 + 2s);
  CHECK(lane.limits() == lane_limits{.delay = 2s});
}

TEST_CASE("a cooldown blocks until its end and is never shortened") {
  host_lane lane;
  CHECK_FALSE(lane.blocked_until(t0));
  lane.cool_down(t0 + 60s);
  lane.cool_down(t0 + 10s);
  REQUIRE(lane.blocked(t0));
  CHECK(lane.blocked(t0)->until == t0 + 60s);
  CHECK(lane.blocked(t0)->reason == errc::host_cooling_down);
  CHECK(lane.blocked_until(t0 + 60s - 1ms) == t0 + 60s);
  CHECK_FALSE(lane.blocked_until(t0 + 60s));
  lane.cool_down(t0 + 90s);
  CHECK(lane.blocked_until(t0 + 60s) == t0 + 90s);
}

TEST_CASE("a success does not end a cooldown") {
  host_lane lane;
  lane.cool_down(t0 + 60s);
  lane.succeeded();
  CHECK(lane.blocked_until(t0) == t0 + 60s);
}

TEST_CASE("the breaker opens at the configured number of failures in a row") {
  auto lane = lane_with(3, 30s);
  fail_times(lane, 2, t0);
  lane.succeeded();
  CHECK(lane.consecutive_failures() == 0);
  fail_times(lane, 2, t0);
  CHECK(lane.breaker(t0) == breaker_state::closed);
  CHECK_FALSE(lane.blocked(t0));
  CHECK_FALSE(lane.may_probe(t0));
  lane.failed(t0);
  CHECK(lane.breaker(t0) == breaker_state::open);
  REQUIRE(lane.blocked(t0));
  CHECK(lane.blocked(t0)->until == t0 + 30s);
  CHECK(lane.blocked(t0)->reason == errc::host_breaker_open);
  CHECK_FALSE(lane.may_probe(t0));
}

TEST_CASE("failures of requests that were under way when the breaker opened change nothing") {
  auto lane = lane_with(3, 30s);
  fail_times(lane, 3, t0);
  auto const before = lane.state();
  lane.failed(t0 + 1s);
  lane.failed(t0 + 29s);
  CHECK(lane.state().breaker_until == before.breaker_until);
  CHECK(lane.consecutive_failures() == before.consecutive_failures);
}

TEST_CASE("after its rest the breaker lets one probe through") {
  auto lane = lane_with(3, 30s);
  fail_times(lane, 3, t0);
  auto const later = t0 + 30s;
  CHECK(lane.breaker(later) == breaker_state::half_open);
  CHECK_FALSE(lane.blocked(later));
  CHECK(lane.may_probe(later));

  lane.probe_started(later);
  CHECK(lane.breaker(later) == breaker_state::half_open);
  CHECK_FALSE(lane.may_probe(later));
  REQUIRE(lane.blocked(later));
  CHECK(lane.blocked(later)->reason == errc::host_breaker_open);

  SECTION("its success closes the breaker") {
    lane.succeeded();
    CHECK(lane.breaker(later) == breaker_state::closed);
    CHECK_FALSE(lane.blocked(later));
    CHECK_FALSE(lane.state().breaker_until);
    CHECK(lane.consecutive_failures() == 0);
  }
  SECTION("its failure opens the breaker for twice as long") {
    lane.failed(later + 1s);
    CHECK(lane.breaker(later + 1s) == breaker_state::open);
    CHECK(lane.blocked_until(later + 1s) == later + 1s + 60s);
  }
  SECTION("without news of it another may be sent after a rest") {
    CHECK_FALSE(lane.may_probe(later + 30s - 1ms));
    CHECK(lane.may_probe(later + 30s));
  }
  SECTION("after it was abandoned another may be sent at once") {
    lane.probe_abandoned();
    CHECK(lane.may_probe(later));
    CHECK(lane.consecutive_failures() == 3);
  }
}

TEST_CASE("a probe of a closed breaker is nothing special") {
  auto lane = lane_with(3, 30s);
  lane.probe_started(t0);
  lane.probe_abandoned();
  CHECK_FALSE(lane.blocked(t0));
  CHECK(lane.breaker(t0) == breaker_state::closed);
}

TEST_CASE("the rest doubles with each failed probe up to a quarter of an hour") {
  auto lane = lane_with(2, 30s);
  fail_times(lane, 2, t0);
  auto at = t0;
  for (auto const rest : {30s, 60s, 120s, 240s, 480s, 900s, 900s, 900s}) {
    CAPTURE(rest.count());
    REQUIRE(lane.blocked_until(at) == at + rest);
    at += rest;
    REQUIRE(lane.may_probe(at));
    lane.probe_started(at);
    lane.failed(at);
  }
  lane.succeeded();
  fail_times(lane, 2, at);
  CHECK(lane.blocked_until(at) == at + 30s);
}

TEST_CASE("a configured rest beyond a quarter of an hour is kept and not doubled") {
  auto lane = lane_with(1, 20min);
  lane.failed(t0);
  CHECK(lane.blocked_until(t0) == t0 + 20min);
  lane.failed(t0 + 20min);
  CHECK(lane.blocked_until(t0 + 20min) == t0 + 40min);
}

TEST_CASE("of a cooldown and an open breaker the longer one is told") {
  auto lane = lane_with(1, 30s);
  lane.failed(t0);
  lane.cool_down(t0 + 10s);
  CHECK(lane.blocked(t0)->reason == errc::host_breaker_open);
  CHECK(lane.blocked(t0)->until == t0 + 30s);
  lane.cool_down(t0 + 40s);
  CHECK(lane.blocked(t0)->reason == errc::host_cooling_down);
  CHECK(lane.blocked(t0)->until == t0 + 40s);
  CHECK_FALSE(lane.may_probe(t0 + 35s));
  CHECK(lane.may_probe(t0 + 40s));
}

TEST_CASE("a threshold below one opens at the first failure") {
  for (int const failures : {1, 0, -3}) {
    auto lane = lane_with(failures, 30s);
    lane.failed(t0);
    CHECK(lane.breaker(t0) == breaker_state::open);
  }
}

TEST_CASE("a restored lane continues where the other stopped") {
  auto lane = lane_with(2, 30s);
  fail_times(lane, 2, t0);
  lane.failed(t0 + 30s);
  lane.cool_down(t0 + 5min);
  CHECK(lane.state().cooldown_until == t0 + 5min);
  CHECK(lane.state().breaker_until == t0 + 90s);
  CHECK(lane.state().consecutive_failures == 3);

  auto second = lane_with(2, 30s);
  second.restore(lane.state(), t0);
  CHECK(second.state() == lane.state());
  CHECK(second.blocked_until(t0) == t0 + 5min);
  CHECK(second.breaker(t0 + 80s) == breaker_state::open);
  REQUIRE(second.may_probe(t0 + 5min));
  second.probe_started(t0 + 5min);
  second.failed(t0 + 5min);
  CHECK(second.blocked_until(t0 + 5min) == t0 + 7min);
}

TEST_CASE("a rest that a clock ahead of its time gave costs nothing afterwards") {
  auto lane = lane_with(1, 30s);
  constexpr auto year = 365 * 24h;
  lane.failed(t0 + year);
  lane.cool_down(t0 + year + 1h);
  auto later = lane_with(1, 30s);
  later.restore(lane.state(), t0);
  CHECK_FALSE(later.blocked(t0));
  // The host still has its failures: what comes next is a probe.
  CHECK(later.may_probe(t0));
  // What the rules can give holds.
  lane_state const kept{.cooldown_until = t0 + 24h, .breaker_until = t0 + 15min};
  later.restore(kept, t0);
  CHECK(later.blocked_until(t0) == t0 + 24h);
  CHECK(kept.believable(t0, 15min) == kept);
}

TEST_CASE("a probe does not outlive the process") {
  auto lane = lane_with(1, 30s);
  lane.failed(t0);
  lane.probe_started(t0 + 30s);
  CHECK(lane.state().breaker_until == t0 + 30s);
  CHECK(lane.state().consecutive_failures == 1);
}

TEST_CASE("a breaker restored without its failures still opens when the host fails again") {
  auto lane = lane_with(5, 30s);
  lane.restore({std::nullopt, t0, -4}, t0);
  CHECK(lane.consecutive_failures() == 0);
  REQUIRE(lane.may_probe(t0));
  lane.failed(t0);
  CHECK(lane.blocked_until(t0) == t0 + 30s);
}

TEST_CASE("no more requests are in flight than may still fail before the breaker opens") {
  host_lane lane{{.concurrency = 4, .breaker_failures = 10}};
  CHECK(lane.concurrency() == 4);
  fail_times(lane, 6, t0);
  CHECK(lane.concurrency() == 4);
  fail_times(lane, 1, t0);
  CHECK(lane.concurrency() == 3);
  lane.succeeded();
  CHECK(lane.concurrency() == 4);
  fail_times(lane, 50, t0);
  CHECK(lane.concurrency() == 1);
  lane.change({.release = true}, t0);
  CHECK(lane.concurrency() == 4);
}
