// SPDX-License-Identifier: MIT
#include "policy/retry_after.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string_view>
#include <vector>

using namespace vinny;
using namespace std::chrono_literals;

namespace {

// 2027-06-12T10:00:00Z, a Saturday.
instant const now_ = std::chrono::sys_days{std::chrono::year{2027} / 6 / 12} + 10h;

}  // namespace

TEST_CASE("Retry-After is a number of seconds or a date, at most a day ahead") {
  struct row {
    std::string_view value;
    std::optional<std::chrono::milliseconds> ahead;
  };
  std::vector<row> const rows{
      {"0", 0s},
      {"1", 1s},
      {"120", 120s},
      {" 120 ", 120s},
      {"\t7", 7s},
      {"00030", 30s},
      {"86400", 24h},
      {"86401", 24h},
      {"4294967296", 24h},
      {"99999999999999999999999999", 24h},
      {"Sat, 12 Jun 2027 10:00:30 GMT", 30s},
      {"Sat, 12 Jun 2027 10:00:00 GMT", 0s},
      {"Sat, 12 Jun 2027 09:00:00 GMT", 0s},
      {"Thu, 01 Jan 1970 00:00:00 GMT", 0s},
      {"Sun, 13 Jun 2027 09:59:59 GMT", 24h - 1s},
      {"Mon, 14 Jun 2027 10:00:00 GMT", 24h},
      {"Saturday, 12-Jun-27 10:05:00 GMT", 5min},
      {"Sat Jun 12 10:05:00 2027", 5min},
      {"", std::nullopt},
      {" ", std::nullopt},
      {"-1", std::nullopt},
      {"+5", std::nullopt},
      {"1.5", 2s},
      {"1.0", 1s},
      {"0.2", 1s},
      {"7.", 7s},
      {".5", std::nullopt},
      {"1.5.2", std::nullopt},
      {"1.x", std::nullopt},
      {"5s", std::nullopt},
      {"1 2", std::nullopt},
      {"0x10", std::nullopt},
      {"soon", std::nullopt},
      {"Sat, 99 Jun 2027 10:00:30 GMT", std::nullopt},
  };
  for (auto const& r : rows) {
    CAPTURE(r.value);
    auto const at = parse_retry_after(r.value, now_);
    REQUIRE(at.has_value() == r.ahead.has_value());
    if (at) CHECK((*at - now_).count() == r.ahead->count());
  }
}
