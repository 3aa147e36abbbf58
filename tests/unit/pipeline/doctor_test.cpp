// SPDX-License-Identifier: MIT
#include "pipeline/doctor_checks.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace vinny::doctor;
using namespace std::chrono_literals;

namespace {

instant const noon = *from_rfc3339("2027-06-12T12:00:00Z");

std::optional<std::chrono::seconds> ahead(instant theirs, instant asked, instant answered) {
  response answer;
  answer.headers.emplace_back("Date", to_http_date(theirs));
  return clock_ahead(answer, asked, answered);
}

}  // namespace

TEST_CASE("a clock is judged by what a Date header can prove") {
  CHECK_FALSE(clock_ahead({}, noon, noon));
  CHECK(ahead(noon, noon, noon) == 0s);
  CHECK(ahead(noon, noon + 900ms, noon + 2s) == 0s);  // the header has no fractions
  CHECK(ahead(noon, noon - 20s, noon + 20s) == 0s);   // a slow answer proves nothing
  CHECK(ahead(noon, noon + 70s, noon + 71s) == 70s);
  CHECK(ahead(noon, noon - 71s, noon - 70s) == -70s);
  response odd;
  odd.headers.emplace_back("Date", "yesterday");
  CHECK_FALSE(clock_ahead(odd, noon, noon));
}

TEST_CASE("a clock that is a little off is a warning, one that stores refuse is red") {
  CHECK(judge_clock({}).how == finding::state::skipped);
  CHECK(judge_clock(0s).how == finding::state::ok);
  CHECK(judge_clock(-29s).how == finding::state::ok);
  CHECK(judge_clock(40s).how == finding::state::warn);
  CHECK(judge_clock(-40s).how == finding::state::warn);
  CHECK(judge_clock(-16min).how == finding::state::fail);
  CHECK(judge_clock(16min).message.find("ahead") != std::string::npos);
  CHECK(judge_clock(-16min).message.find("behind") != std::string::npos);
  CHECK_FALSE(judge_clock(16min).cure.empty());
}
