// SPDX-License-Identifier: MIT
#include "observe/log_ring.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

using lines = std::vector<std::string>;

TEST_CASE("the newest lines are kept, and numbered from the first") {
  log_ring ring{3};
  for (auto const* const one : {"a", "b", "c", "d"}) ring.keep(log_level::info, "", one);
  CHECK(ring.last({}, 10).lines == lines{"b", "c", "d"});
  CHECK(ring.last({}, 2).lines == lines{"c", "d"});
  CHECK(ring.last({}, 0).lines.empty());
  CHECK(ring.last({}, 2).last == 4);
}

TEST_CASE("a follower has what comes after, and hears what it missed") {
  log_ring ring{3};
  CHECK(ring.after(0, {}, 10).last == 0);
  for (auto const* const one : {"a", "b"}) ring.keep(log_level::info, "", one);
  auto some = ring.after(0, {}, 10);
  CHECK(some.lines == lines{"a", "b"});
  CHECK(some.missed == 0);
  CHECK(ring.after(some.last, {}, 10).lines.empty());
  for (auto const* const one : {"c", "d", "e", "f"}) ring.keep(log_level::info, "", one);
  some = ring.after(some.last, {}, 2);
  CHECK(some.lines == lines{"d", "e"});
  CHECK(some.missed == 1);
  CHECK(ring.after(some.last, {}, 2).lines == lines{"f"});
}

TEST_CASE("lines are chosen by level and run") {
  log_ring ring{10};
  ring.keep(log_level::debug, "r1", "a");
  ring.keep(log_level::warn, "r1", "b");
  ring.keep(log_level::error, "r2", "c");
  ring.keep(log_level::error, "", "d");
  CHECK(ring.last({.level = log_level::warn}, 9).lines == lines{"b", "c", "d"});
  CHECK(ring.last({.run_id = "r1"}, 9).lines == lines{"a", "b"});
  CHECK(ring.last({.level = log_level::warn, .run_id = "r1"}, 9).lines == lines{"b"});
  auto const passed = ring.after(0, {.run_id = "r3"}, 9);
  CHECK(passed.lines.empty());
  CHECK(passed.last == 4);
}

TEST_CASE("long lines do not fill the memory") {
  log_ring ring{1000, 100'000};
  for (int i = 0; i < 1000; ++i) ring.keep(log_level::info, "", std::string(10'000, 'x'));
  auto const kept = ring.last({}, 1000);
  CHECK(kept.lines.size() == 9);
  CHECK(kept.last == 1000);
}
