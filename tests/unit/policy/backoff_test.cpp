// SPDX-License-Identifier: MIT
#include "policy/backoff.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace vinny;
using std::chrono::milliseconds;

TEST_CASE("the wait is a part of a ceiling that doubles up to a quarter of an hour") {
  struct row {
    int failed;
    double chance;
    long long expected_ms;
  };
  std::vector<row> const rows{
      {1, 1.0, 1'000},
      {1, 0.5, 500},
      {1, 0.25, 250},
      {1, 0.1, 250},
      {1, 0.0, 250},
      {2, 1.0, 2'000},
      {2, 0.5, 1'000},
      {3, 1.0, 4'000},
      {4, 0.75, 6'000},
      {9, 1.0, 256'000},
      {10, 1.0, 512'000},
      {11, 1.0, 900'000},
      {12, 1.0, 900'000},
      {11, 0.5, 450'000},
      {12, 0.0, 250},
      {0, 1.0, 1'000},
      {-5, 1.0, 1'000},
      {1'000'000, 1.0, 900'000},
      {std::numeric_limits<int>::max(), 1.0, 900'000},
      {std::numeric_limits<int>::min(), 1.0, 1'000},
  };
  for (auto const& r : rows) {
    CAPTURE(r.failed, r.chance);
    CHECK(backoff(r.failed, r.chance) == milliseconds{r.expected_ms});
  }
}

TEST_CASE("a draw outside 0 to 1 is clamped") {
  CHECK(backoff(3, 7.0) == milliseconds{4'000});
  CHECK(backoff(3, -1.0) == backoff_floor);
  CHECK(backoff(3, std::nan("")) == backoff_floor);
  CHECK(backoff(3, std::numeric_limits<double>::infinity()) == milliseconds{4'000});
}

TEST_CASE("no draw leaves the range from a quarter of a second to the cap") {
  std::mt19937 generator{7};
  std::uniform_real_distribution<double> draw{0.0, 1.0};
  bool above_half = false;
  bool below_half = false;
  for (int i = 0; i < 10'000; ++i) {
    auto const wait = backoff(i % 40, draw(generator));
    REQUIRE(wait >= backoff_floor);
    REQUIRE(wait <= backoff_cap);
    above_half = above_half || wait > backoff_cap / 2;
    below_half = below_half || (i % 40 > 20 && wait < backoff_cap / 2);
  }
  CHECK(above_half);
  CHECK(below_half);
}
