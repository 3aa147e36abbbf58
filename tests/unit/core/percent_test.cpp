// SPDX-License-Identifier: MIT
#include "core/percent.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("percent escapes are decoded, broken ones stay") {
  CHECK(percent_decode("a%20b%2Fc") == "a b/c");
  CHECK(percent_decode("%c3%AB") == "ë");
  CHECK(percent_decode("100%") == "100%");
  CHECK(percent_decode("%4") == "%4");
  CHECK(percent_decode("%zz%41") == "%zzA");
  CHECK(percent_decode("a+b") == "a+b");
}
