// SPDX-License-Identifier: MIT
#include "core/text.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace vinny;

TEST_CASE("HTML character references are decoded, twice encoded ones too") {
  struct row {
    char const* text;
    char const* decoded;
  };
  auto const [text, decoded] = GENERATE(values<row>({
      {"", ""},
      {"plain", "plain"},
      {"Above &amp; Beyond", "Above & Beyond"},
      {"Above &amp;amp; Beyond", "Above & Beyond"},
      {"&lt;b&gt;&quot;&apos;", "<b>\"'"},
      {"Ti&euml;sto", "Tiësto"},
      {"Ti&#235;sto &#xEB; &#XeB;", "Tiësto ë ë"},
      {"it&#39;s &rsquo;", "it's ’"},
      {"&#x1F3A7;", "🎧"},
      {"AT&T", "AT&T"},
      {"a & b", "a & b"},
      {"&unknown;", "&unknown;"},
      {"&", "&"},
      {"&;", "&;"},
      {"&#;", "&#;"},
      {"&#x;", "&#x;"},
      {"&#0;", "&#0;"},
      {"&#xD800;", "&#xD800;"},
      {"&#x110000;", "&#x110000;"},
      {"&#99999999999;", "&#99999999999;"},
      {"&#4294967295;", "&#4294967295;"},
      {"&#2147483713;", "&#2147483713;"},
      {"&#-5;", "&#-5;"},
      {"&#12a;", "&#12a;"},
      {"&amp", "&amp"},
  }));
  CHECK(decode_entities(text) == decoded);
}

TEST_CASE("the text of a fragment has no tags and single spaces") {
  struct row {
    char const* html;
    char const* text;
  };
  auto const [html, text] = GENERATE(values<row>({
      {"<p>Carl  Cox</p>\n<p>live</p>", "Carl Cox live"},
      {"one<br/>two", "one two"},
      {"&lt;p&gt;encoded&lt;/p&gt; twice &amp;amp; more", "encoded twice & more"},
      {"5 < 6 and 7 > 6", "5 < 6 and 7 > 6"},
      {"<!-- note -->text", "text"},
      {"open <b", "open <b"},
      {"a&nbsp;&nbsp;b", "a b"},
      {"<>", "<>"},
      {"broken \xFF byte", "broken \xEF\xBF\xBD byte"},
      {"\x1B[31mKy&#27;&#x202E;go\x07", "[31mKygo"},
      {"a&#10;b&#x85;c", "a b c"},
      {"<\x1B"
       "b>a</b\x07>",
       "a"},
  }));
  CHECK(plain_text(html) == text);
}

TEST_CASE("white space collapses, no-break space too") {
  CHECK(squeeze("  a \t\r\n b\v\fc  ") == "a b c");
  CHECK(squeeze("a\xC2\xA0\xC2\xA0"
                "b") == "a b");
  CHECK(squeeze("\xC2\xA0").empty());
  CHECK(squeeze("\xC2\xA9 a") == "\xC2\xA9 a");
  CHECK(squeeze("a\xC2") == "a\xC2");
  CHECK(trim("\n a b \t") == "a b");
  CHECK(trim(" \t ").empty());
}

TEST_CASE("every occurrence is replaced, once") {
  auto const replaced = [](std::string text, std::string_view what, std::string_view with) {
    replace_all(text, what, with);
    return text;
  };
  CHECK(replaced("a token, a token", "token", "<token>") == "a <token>, a <token>");
  CHECK(replaced("oo", "o", "<o>") == "<o><o>");
  CHECK(replaced("aaa", "aa", "") == "a");
  CHECK(replaced("abc", "", "x") == "abc");
}

TEST_CASE("splitting keeps empty parts") {
  using parts = std::vector<std::string_view>;
  CHECK(split("a,b", ',') == parts{"a", "b"});
  CHECK(split("", ',') == parts{""});
  CHECK(split(",a,,b,", ',') == parts{"", "a", "", "b", ""});
}

TEST_CASE("ASCII case is ignored and nothing else") {
  CHECK(to_lower("ABC Ë xyz") == "abc Ë xyz");
  CHECK(iequals("Content-Type", "CONTENT-TYPE"));
  CHECK_FALSE(iequals("a", "ab"));
  CHECK_FALSE(iequals("Ë", "ë"));
  CHECK_FALSE(iequals("[", "{"));
  CHECK(icontains("Las VEGAS, NV", "vegas"));
  CHECK(icontains("x", ""));
  CHECK_FALSE(icontains("", "x"));
  CHECK_FALSE(icontains("vega", "vegas"));
}

TEST_CASE("text is clipped at the border of a character") {
  std::string const text = "aë€🎧";  // 1, 2, 3 and 4 bytes
  std::vector<std::size_t> const sizes{0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t limit = 0; limit < sizes.size(); ++limit) {
    CAPTURE(limit);
    auto const cut = clip(text, limit);
    CHECK(cut.size() == sizes[limit]);
    CHECK(valid_utf8(cut) == cut);
  }
  CHECK(clip("\x80\x80\x80", 2).empty());
}

TEST_CASE("invalid UTF-8 becomes the replacement character") {
  std::string const bad = "\xEF\xBF\xBD";
  CHECK(valid_utf8("aë€🎧") == "aë€🎧");
  CHECK(valid_utf8("a\xFFz") == "a" + bad + "z");
  CHECK(valid_utf8("\xC3") == bad);
  CHECK(valid_utf8("\xC3z") == bad + "z");
  CHECK(valid_utf8("\xC0\xAF") == bad + bad);                      // overlong
  CHECK(valid_utf8("\xED\xA0\x80") == bad + bad + bad);            // surrogate
  CHECK(valid_utf8("\xF4\x90\x80\x80") == bad + bad + bad + bad);  // beyond U+10FFFF
  CHECK(valid_utf8({"a\0b", 3}) == "ab");
}

TEST_CASE("control characters are dropped, or a space where they are white space") {
  struct row {
    char const* text;
    char const* clean;
  };
  auto const [text, clean] = GENERATE(values<row>({
      {"", ""},
      {"a\x01z \x1Bz \x7Fz", "az z z"},
      {"a\tb\nc\rd\ve\ff", "a b c d e f"},
      {"a\u0085b\u2028c\u2029d", "a b c d"},
      {"a\xC2\x80z\xC2\x9Fz\xC2\xA0z", "azz\xC2\xA0z"},
      {"\u2029\u202A\u202B\u202C\u202D\u202E\u202F", " \u202F"},
      {"\u2065\u2066\u2067\u2068\u2069\u206A", "\u2065\u206A"},
      {"\uFEFFaë€🎧\uFEFF", "aë€🎧"},
      {"👩\u200D🎤", "👩\u200D🎤"},
      {"broken \xFF\x9B byte", "broken \xEF\xBF\xBD\xEF\xBF\xBD byte"},
  }));
  CHECK(drop_controls(text) == clean);
  CHECK(drop_controls({"a\0b", 3}) == "ab");
}
