// SPDX-License-Identifier: MIT
#include "policy/pace.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace std::chrono_literals;

namespace {

pace::clock::time_point const s0{1'000h};

/// So many answers of that latency, 200 ms apart from `at` on; when the last came.
pace::clock::time_point answer(pace& one, int times, pace::clock::duration latency,
                               pace::clock::time_point at, bool success = true) {
  for (int i = 0; i < times; ++i) one.answered(latency, success, at += 200ms);
  return at;
}

}  // namespace

TEST_CASE("a host that answers as it always did keeps its configured pace") {
  pace one;
  answer(one, 500, 80ms, s0);
  CHECK(one.factor() == 1.0);
  CHECK(one.stretched(200ms) == 200ms);
  CHECK(one.stretched(0ms) == 0ms);
}

TEST_CASE("429 and 503 halve the rate, once for what was in flight together") {
  pace one;
  one.pushed_back(s0);
  one.pushed_back(s0 + 50ms);
  CHECK(one.stretched(200ms) == 400ms);
  one.pushed_back(s0 + 1s);
  CHECK(one.stretched(200ms) == 800ms);
  CHECK(one.stretched(0ms) == 80ms);  // without a pace it needs one now
}

TEST_CASE("the pace comes back slowly, by successes alone, and never above what is configured") {
  pace one;
  one.pushed_back(s0);
  auto at = answer(one, 100, 80ms, s0, false);
  CHECK(one.factor() == 2.0);
  at = answer(one, 10, 80ms, at);
  CHECK(one.factor() < 2.0);
  CHECK(one.factor() > 1.7);
  answer(one, 200, 80ms, at);
  CHECK(one.factor() == 1.0);
}

TEST_CASE("a host that becomes slow is asked less, one that always was is not") {
  pace becomes_slow;
  auto at = answer(becomes_slow, 200, 100ms, s0);
  answer(becomes_slow, 10, 3s, at);
  CHECK(becomes_slow.factor() > 1.2);
  pace always_was;
  answer(always_was, 200, 3s, s0);
  CHECK(always_was.factor() == 1.0);
  pace jitters;  // threefold, but of little
  at = answer(jitters, 200, 5ms, s0);
  answer(jitters, 50, 100ms, at);
  CHECK(jitters.factor() == 1.0);
}

TEST_CASE("a pace has an end") {
  pace one;
  for (int i = 0; i < 100; ++i) one.pushed_back(s0 + i * 2s);
  CHECK(one.factor() == pace::slowest);
}
