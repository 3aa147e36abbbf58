// SPDX-License-Identifier: MIT
#include "policy/sweep_pace.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("Every object is asked about once in the time that is set") {
  constexpr std::int64_t month = 30LL * 24 * 3600;
  struct row {
    std::int64_t total;
    std::int64_t seconds;
    std::size_t objects;
    std::chrono::milliseconds pause;
  };
  for (auto const& r : {
           row{0, month, 1, 10min},         // nothing yet: looks again in a while
           row{100, month, 1, 10min},       // a small library is done sooner
           row{4320, month, 1, 10min},      //
           row{43'200, month, 1, 1min},     //
           row{2'592'000, month, 1, 1s},    //
           row{52'000'000, month, 21, 1s},  // a large one: several at a time
           row{60, 10, 6, 1s},
       }) {
    CAPTURE(r.total, r.seconds);
    auto const share = sweep_pace(r.total, r.seconds);
    CHECK(share.objects == r.objects);
    CHECK(share.pause == r.pause);
    auto const rounds = (r.total + static_cast<std::int64_t>(share.objects) - 1) /
                        static_cast<std::int64_t>(share.objects);
    CHECK(rounds * share.pause <= std::chrono::seconds{r.seconds} + 10min);
  }
}
