// SPDX-License-Identifier: MIT
#include "blob/store_rest.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace std::chrono_literals;

namespace {
auto const start = from_rfc3339("2027-06-12T10:00:00Z").value();
}

TEST_CASE("a store that failed rests, longer each time, and not at all after a success") {
  store_rest rest;
  CHECK_FALSE(rest.until(start));
  CHECK_FALSE(rest.must_probe());
  auto at = start;
  for (auto const wanted : {1s, 2s, 4s, 8s, 15s, 15s}) {
    rest.failed(at, {});
    CHECK(rest.until(at) == at + wanted);
    CHECK(rest.must_probe());
    at += wanted;
    CHECK_FALSE(rest.until(at));
  }
  rest.succeeded();
  CHECK_FALSE(rest.must_probe());
  rest.failed(at, {});
  CHECK(rest.until(at) == at + 1s);
}

TEST_CASE("those that were under way do not make the rest longer") {
  store_rest rest;
  for (int i = 0; i < 16; ++i) rest.failed(start + i * 10ms, {});
  CHECK(rest.until(start + 500ms) == start + 1s);
}

TEST_CASE("the store's own word counts, and is never shortened") {
  store_rest rest;
  rest.failed(start, start + 30s);
  CHECK(rest.until(start) == start + 30s);
  rest.failed(start, start + 5s);
  CHECK(rest.until(start) == start + 30s);
  rest.failed(start, start + 40s);
  CHECK(rest.until(start) == start + 40s);
}

TEST_CASE("a store that is out for long is left to a later run") {
  store_rest rest;
  auto at = start;
  while (at < start + store_rest::outage) {
    rest.failed(at, {});
    at = rest.until(at).value();
  }
  rest.failed(at, {});
  CHECK(rest.until(at) == at + store_rest::long_rest);
}
