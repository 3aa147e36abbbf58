// SPDX-License-Identifier: MIT
#include "config/sources/dotenv.hpp"

#include <catch2/catch.hpp>

using namespace vinny::settings;

TEST_CASE("lines of a .env file are read as shells and their imitators do") {
  struct row {
    std::string line;
    std::string value;  // of K
  };
  std::vector<row> const rows{
      {"K=v", "v"},
      {"  K = v  ", "v"},
      {"export K=v", "v"},
      {"K=", ""},
      {"K", "<error>"},
      {"K=a=b", "a=b"},
      {"K=v # comment", "v"},
      {"K=v#no-comment", "v#no-comment"},
      {"K=# comment", ""},
      {"K=\"a # b\" # comment", "a # b"},
      {R"(K="a\"b\\c\nd\$e\x")", "a\"b\\c\nd$e\\x"},
      {R"(K='a\n"b" $c')", R"(a\n"b" $c)"},
      {"K=\"a\nb\"", "a\nb"},
      {"K=v\r", "v"},
      {"K='v'\r", "v"},
      {"\xEF\xBB\xBFK=v", "v"},
      {"K=1\nK=2", "2"},
      {"1K=v", "<error>"},
      {"K L=v", "<error>"},
      {"K=\"v", "<error>"},
      {"K='v' x", "<error>"},
  };
  for (auto const& [line, value] : rows) {
    INFO(line);
    auto const read = parse_dotenv(line);
    if (value == "<error>") {
      CHECK(read.errors.size() == 1);
    } else {
      CHECK(read.errors.empty());
      REQUIRE(read.values.contains("K"));
      CHECK(read.values.at("K").text == value);
    }
  }
}

TEST_CASE("values and mistakes know their lines") {
  auto const read = parse_dotenv("# one\n\nA=1\nsecret words\nB='x\ny'\nC=3\nD=\"open\nE=5\n");
  CHECK(read.values.at("A").line == 3);
  CHECK(read.values.at("B").line == 5);
  CHECK(read.values.at("C").line == 7);
  CHECK(read.values.at("E").line == 9);
  CHECK_FALSE(read.values.contains("D"));
  REQUIRE(read.errors.size() == 2);
  CHECK(read.errors[0].line == 4);
  CHECK_THAT(read.errors[0].message, !Catch::Contains("secret"));
  CHECK(read.errors[1].line == 8);
}
