// SPDX-License-Identifier: MIT
#include "library/tables/library_words.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("two words differ by one letter") {
  struct row {
    char const* a;
    char const* b;
    bool by_one;
  };
  auto const one = GENERATE(values<row>({
      {"beatles", "beetles", true},
      {"beatles", "betles", true},
      {"beatles", "beatless", true},
      {"beatles", "beatels", true},
      {"beatles", "ebatles", true},
      {"beatles", "xbeatles", true},
      {"beatles", "beatle", true},
      {"beatles", "beatles", false},
      {"beatles", "batels", false},
      {"beatles", "bteales", false},
      {"beatles", "beatlesxy", false},
      {"bjørk", "bjork", true},
      {"坂本龍一", "坂龍本一", true},
      {"坂本龍一", "坂本一", true},
      {"aa", "aaa", true},
      {"ab", "ba", true},
      {"", "a", true},
      {"", "", false},
  }));
  CAPTURE(one.a, one.b);
  CHECK(differ_by_one(one.a, one.b) == one.by_one);
  CHECK(differ_by_one(one.b, one.a) == one.by_one);
}

TEST_CASE("the forms of a word lack a character each") {
  CHECK(shorter_forms("abc") == std::vector<std::string>{"ab", "abc", "ac", "bc"});
  CHECK(shorter_forms("éa") == std::vector<std::string>{"a", "é", "éa"});
  CHECK(shorter_forms("aa") == std::vector<std::string>{"a", "aa"});
}
