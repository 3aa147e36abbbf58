// SPDX-License-Identifier: MIT
#include "library/model/artwork_match.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("names are the same but for case, accents, articles and punctuation") {
  struct row {
    char const* a;
    char const* b;
    bool same;
  };
  auto const one = GENERATE(values<row>({
      {"The Beatles", "Beatles", true},
      {"Beatles, The", "The Beatles", true},
      {"Björk", "BJORK", true},
      {"Sigur Rós", "sigur ros", true},
      {"Motörhead", "Motorhead", true},
      {"Røyksopp", "Royksopp", true},
      {"Prince (2)", "Prince", true},
      {"Simon & Garfunkel", "Simon and Garfunkel", true},
      {"Don't Stop", "Dont Stop", true},
      {"AC/DC", "AC DC", true},
      {"The The", "The", true},
      {"坂本龍一", "坂本龍一", true},
      {"A", "a", true},
      {"The", "the", true},
      {"坂本龍一", "坂本", false},
      {"The Band", "The Bands", false},
      {"Queen", "Queens", false},
      {"Album (1999)", "Album", true},
      {"Album (live)", "Album", false},
      {"!!!", "???", false},
      {"", "", false},
  }));
  CAPTURE(one.a, one.b);
  CHECK(same_name(one.a, one.b) == one.same);
  CHECK(same_name(one.b, one.a) == one.same);
}

TEST_CASE("addresses that a page may show are kept") {
  CHECK(why_no_artwork("https://i.example/a%20b.jpg?x=1&y=(2)").empty());
  CHECK(why_no_artwork("http://i.example:8080/a@2x.jpg").empty());
  CHECK(why_no_artwork("https://i.example/" + std::string(494, 'x')).empty());
  CHECK(why_no_artwork("https://i.example/" + std::string(495, 'x')) == "too long an address");
  CHECK(why_no_artwork("https://i.example/SPACER.gif") == "a placeholder");
  for (auto const* wrong :
       {"", "a.jpg", "javascript:alert(1)", "file:///etc/passwd", "https://i.example/a b.jpg",
        " https://i.example/a.jpg", "https://i.example/a\n.jpg", "https://i.example/\"><b>",
        "https://u:p@i.example/a.jpg", "https://i.example/\xE2\x80\xAE.jpg"}) {
    CAPTURE(wrong);
    CHECK(why_no_artwork(wrong) == "no address");
  }
}

TEST_CASE("a name of nothing but articles keeps one") {
  CHECK(plain_name("The The") == "the");
  CHECK(plain_name("A") == "a");
  CHECK(plain_name("And") == "and");
}
