// SPDX-License-Identifier: MIT
//
// A thousand hosts with their moods, in simulated time: what politeness promises about every
// one of their requests.
#include "policy/host_lane.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <random>

using namespace vinny;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST_CASE("no simulated request breaks the pace, a cooldown or the breaker") {
  int sent = 0;
  int cooldowns = 0;
  int openings = 0;
  for (unsigned seed = 0; seed < 1'000; ++seed) {
    std::mt19937 generator{seed};
    auto const draw = [&](int low, int high) {
      return std::uniform_int_distribution<int>{low, high}(generator);
    };
    milliseconds const delay{draw(50, 2'000)};
    int const threshold = draw(1, 5);
    milliseconds const rest{draw(100, 5'000)};
    int const percent_bad = draw(0, 90);
    host_lane lane{{.delay = delay, .breaker_failures = threshold, .breaker_rest = rest}};

    // The two clocks run together, from different zeros.
    milliseconds elapsed{0};
    auto const steady = [&] { return host_lane::time_point{} + elapsed; };
    auto const wall = [&] { return instant{} + elapsed; };

    instant silent_until{};
    int in_a_row = 0;
    std::deque<milliseconds> in_window;
    for (int step = 0; step < 200; ++step) {
      elapsed += milliseconds{draw(0, 300)};
      if (auto const until = lane.blocked_until(wall())) {
        REQUIRE(*until > wall());
        if (draw(0, 1) == 0) continue;
        elapsed += *until - wall();
      }
      if (lane.blocked_until(wall())) continue;
      bool const probe = lane.may_probe(wall());
      REQUIRE(probe == (in_a_row >= threshold));
      if (probe) lane.probe_started(wall());

      elapsed += std::chrono::ceil<milliseconds>(lane.next_start(steady()) - steady());
      lane.started(steady());
      ++sent;
      REQUIRE(wall() >= silent_until);
      if (!in_window.empty()) REQUIRE(elapsed - in_window.back() >= delay);
      in_window.push_back(elapsed);
      while (elapsed - in_window.front() >= 1s) in_window.pop_front();
      REQUIRE(static_cast<long>(in_window.size()) <= 1s / delay + 1);

      elapsed += milliseconds{draw(0, 100)};
      if (draw(1, 100) > percent_bad) {
        lane.succeeded();
        in_a_row = 0;
        continue;
      }
      lane.failed(wall());
      ++in_a_row;
      if (in_a_row == threshold) ++openings;
      if (in_a_row >= threshold) REQUIRE(lane.blocked(wall()));
      if (draw(0, 2) == 0) {
        auto const until = wall() + milliseconds{draw(0, 10'000)};
        silent_until = std::max(silent_until, until);
        lane.cool_down(until);
        ++cooldowns;
      }
    }
  }
  CHECK(sent > 50'000);
  CHECK(cooldowns > 1'000);
  CHECK(openings > 1'000);
}
