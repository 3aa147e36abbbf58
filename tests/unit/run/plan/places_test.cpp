// SPDX-License-Identifier: MIT
#include "run/plan/places.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("a system has one place, and a run may want several") {
  constexpr std::array<std::string_view, 1> events{"events"};
  constexpr std::array<std::string_view, 1> specimens{"specimens"};
  constexpr std::array<std::string_view, 2> audit{"events", "captures"};
  run_places all;
  CHECK(all.empty());
  CHECK_FALSE(all.in_the_way(audit));
  all.take("1", events);
  CHECK(all.in_the_way(events) == "1");
  CHECK(all.in_the_way(audit) == "1");
  CHECK_FALSE(all.in_the_way(specimens));
  all.take("2", specimens);
  CHECK(all.is_taken("specimens"));
  CHECK_FALSE(all.is_taken("captures"));
  all.leave("1");
  CHECK_FALSE(all.in_the_way(audit));
  all.take("3", audit);
  CHECK(all.in_the_way(events) == "3");
  CHECK(all.is_taken("captures"));
  all.leave("3");
  all.leave("3");
  all.leave("2");
  CHECK(all.empty());
}
