// SPDX-License-Identifier: MIT
#include "core/ulid.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <set>

using namespace vinny;

TEST_CASE("ULIDs are 26 characters, differ, and carry the time in front") {
  std::string_view const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  auto const ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  std::set<std::string> seen;
  std::string last_time;
  for (int i = 0; i < 1000; ++i) {
    auto const before = ms();
    auto const id = new_ulid();
    auto const after = ms();
    REQUIRE(id.size() == 26);
    REQUIRE(id.find_first_not_of(digits) == std::string::npos);
    std::int64_t time = 0;
    for (auto const c : id.substr(0, 10)) {
      time = time * 32 + static_cast<std::int64_t>(digits.find(c));
    }
    REQUIRE(time >= before);
    REQUIRE(time <= after);
    // The text sorts as the time does.
    REQUIRE(id.substr(0, 10) >= last_time);
    last_time = id.substr(0, 10);
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("a ULID in two words is the same ULID") {
  for (auto const* const text : {"00000000000000000000000001", "01M8QNMEACWVM024ED3MB0XGYJ",
                                 "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "40000000000000000000000000"}) {
    CHECK(packed_ulid{text}.text() == text);
  }
  for (int i = 0; i < 1000; ++i) {
    auto const text = new_ulid();
    REQUIRE(packed_ulid{text}.text() == text);
  }
  CHECK(packed_ulid{}.text().empty());
  CHECK(packed_ulid{} == packed_ulid{});
  CHECK_FALSE(packed_ulid{"01M8QNMEACWVM024ED3MB0XGYJ"} ==
              packed_ulid{"01M8QNMEACWVM024ED3MB0XGYK"});
}
