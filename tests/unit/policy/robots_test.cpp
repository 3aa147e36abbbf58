// SPDX-License-Identifier: MIT
//
// Which group and which rule decides: the examples of RFC 9309 and the cases of
// google/robotstxt. Spelling and matching of one pattern are in robots_pattern_test.
#include "policy/robots.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace vinny;

namespace {

struct row {
  std::string_view product;
  std::string_view path;
  bool allowed;
};

struct file {
  std::string_view what;
  std::string_view text;
  std::vector<row> rows;
};

void check(std::vector<file> const& files) {
  for (auto const& f : files) {
    auto const rules = robots_rules::parse(f.text);
    for (auto const& r : f.rows) {
      CAPTURE(f.what, r.product, r.path);
      CHECK(rules.allowed(r.product, r.path) == r.allowed);
    }
  }
}

constexpr bool yes = true;
constexpr bool no = false;

}  // namespace

TEST_CASE("the examples of RFC 9309 come out as it says") {
  check({
      {"section 5.1, simple example",
       "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
       "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\n"
       "Allow:/example/allowed.gif\n\n"
       "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n"
       "User-Agent: quxbot\n\nEOF",
       {{"vinny", "/", yes},
        {"vinny", "/picture.gif", no},
        {"vinny", "/picture.gif?x", yes},
        {"vinny", "/example/", no},
        {"vinny", "/example/page.html", no},
        {"vinny", "/publications/", yes},
        {"vinny", "/publications/a.gif", yes},
        {"foobot", "/", no},
        {"foobot", "/publications/", no},
        {"foobot", "/example/page.html", yes},
        {"foobot", "/example/allowed.gif", yes},
        {"foobot", "/example/other.gif", no},
        {"barbot", "/example/page.html", no},
        {"barbot", "/example/", yes},
        {"barbot", "/a.gif", yes},
        {"bazbot", "/example/page.html", no},
        {"bazbot", "/other.html", yes},
        {"quxbot", "/example/page.html", yes},
        {"quxbot", "/", yes}}},
      {"section 5.2, longest match",
       "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
       {{"foobot", "/example/page/disallowed.gif", no},
        {"foobot", "/example/page/", yes},
        {"foobot", "/example/page/x", yes}}},
      {"section 2.2.1, groups of one product are one",
       "user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\n"
       "user-agent: ExampleBot\ndisallow: /baz\n",
       {{"examplebot", "/foo", no},
        {"examplebot", "/bar", no},
        {"examplebot", "/baz", no},
        {"examplebot", "/qux", yes}}},
      {"section 2.2.4, a sitemap does not end a group",
       "user-agent: a\nsitemap: https://example.org/s.xml\nuser-agent: b\ndisallow: /\n",
       {{"a", "/x", no}, {"b", "/x", no}, {"c", "/x", yes}}},
  });
}

TEST_CASE("lines are read leniently") {
  std::vector<row> const foobot_barred{{"FooBot", "/x/y", no}, {"vinny", "/x/y", yes}};
  check({
      {"as it should be", "user-agent: FooBot\ndisallow: /\n", foobot_barred},
      {"upper case", "USER-AGENT: FOOBOT\nDISALLOW: /\n", foobot_barred},
      {"mixed case", "uSeR-aGeNt: fOoBoT\ndIsAlLoW: /\n", foobot_barred},
      {"no colon", "user-agent FooBot\ndisallow /\n", foobot_barred},
      {"spaces", "  user-agent \t:  FooBot  \n\tdisallow : / \t\n", foobot_barred},
      {"no spaces", "user-agent:FooBot\ndisallow:/", foobot_barred},
      {"comments", "# a\nuser-agent: FooBot# b\n#c\ndisallow: / # d\n", foobot_barred},
      {"CRLF", "user-agent: FooBot\r\n\r\ndisallow: /\r\n", foobot_barred},
      {"CR", "user-agent: FooBot\r\rdisallow: /\r", foobot_barred},
      {"mixed line ends", "\r\n\ruser-agent: FooBot\n\r\ndisallow: /", foobot_barred},
      {"byte order mark", "\xEF\xBB\xBFuser-agent: FooBot\ndisallow: /\n", foobot_barred},
      {"half a mark", "\xEF\xBBuser-agent: FooBot\ndisallow: /\n", foobot_barred},
      {"misspelt", "useragent: FooBot\ndissallow: /\n", foobot_barred},
      {"version", "user-agent: FooBot/1.0\ndisallow: /\n", foobot_barred},
      {"words after the token", "user-agent: FooBot Images\ndisallow: /\n", foobot_barred},
      {"foreign lines", "user-agent: FooBot\nnoindex: /\nHost: x\n<html>\n\ndisallow: /\n",
       foobot_barred},
      {"foreign names", "foo: FooBot\nbar: /\n", {{"FooBot", "/x/y", yes}}},
      {"three words without a colon", "user-agent: *\ndisallow / now\n", {{"FooBot", "/", yes}}},
      {"broken mark", "\xEF\x11\xBFuser-agent: FooBot\ndisallow: /\n", {{"FooBot", "/", yes}}},
      {"a mark in the middle",
       "user-agent: *\n\xEF\xBB\xBF"
       "disallow: /\n",
       {{"FooBot", "/", yes}}},
      {"a page instead",
       "<!DOCTYPE html><html><body>Disallow: /</body></html>",
       {{"FooBot", "/", yes}}},
      {"NUL in a name",
       std::string_view{"user-agent: *\ndis\0allow: /\n", 27},
       {{"FooBot", "/", yes}}},
      {"empty", "", {{"FooBot", "/", yes}, {"", "", yes}}},
  });
}

TEST_CASE("the group of the product decides, else that of everybody") {
  constexpr std::string_view groups =
      "allow: /foo/bar/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\n"
      "user-agent: BarBot\ndisallow: /\nallow: /y/\n\n\nallow: /w/\n"
      "user-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n";
  check({
      {"merged and shared groups",
       groups,
       {{"FooBot", "/x/b", yes},
        {"FooBot", "/z/d", yes},
        {"FooBot", "/y/c", no},
        {"BarBot", "/y/c", yes},
        {"BarBot", "/w/a", yes},
        {"BarBot", "/z/d", no},
        {"BazBot", "/z/d", yes},
        {"BazBot", "/x/b", no},
        {"FooBot", "/foo/bar/", no},
        {"BarBot", "/foo/bar/", no},
        {"BazBot", "/foo/bar/", no}}},
      {"everybody",
       "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n",
       {{"FooBot", "/x/y", no}, {"BarBot", "/x/y", yes}}},
      {"nobody's rules",
       "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\n",
       {{"QuxBot", "/x/y", yes}}},
      {"one's own group hides everybody's",
       "User-agent: *\nDisallow: /x/\nUser-agent: FooBot\nDisallow: /y/\n",
       {{"FooBot", "/x/page", yes}, {"FooBot", "/y/page", no}, {"vinny", "/x/page", no}}},
      {"one's own empty group hides everybody's",
       "User-agent: *\nDisallow: /\n\nUser-agent: FooBot\nDisallow:\n",
       {{"FooBot", "/x", yes}, {"vinny", "/x", no}}},
      {"everybody's groups are merged too",
       "User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n",
       {{"vinny", "/a", no}, {"vinny", "/b", no}, {"vinny", "/c", yes}}},
      {"unknown lines do not end a group",
       "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\nDisallow: /\n",
       {{"FooBot", "/", no}, {"BarBot", "/", no}}},
      {"nor does a crawl delay",
       "User-agent: FooBot\nCrawl-delay: 5\nUser-agent: *\nDisallow: /\n",
       {{"FooBot", "/", no}, {"BarBot", "/", no}}},
      {"an empty Disallow does",
       "User-agent: FooBot\nDisallow:\nUser-agent: *\nDisallow: /\n",
       {{"FooBot", "/", yes}, {"BarBot", "/", no}}},
      {"a whole token is compared",
       "User-agent: Foo\nDisallow: /a\nUser-agent: FooBotImages\nDisallow: /b\n"
       "User-agent: *\nDisallow: /c\n",
       {{"FooBot", "/a", yes}, {"FooBot", "/b", yes}, {"FooBot", "/c", no}}},
      {"a nameless group is nobody's",
       "User-agent: *\nDisallow: /a\nUser-agent:\nDisallow: /b\nUser-agent: 360\nDisallow: /c\n",
       {{"vinny", "/a", no}, {"vinny", "/b", yes}, {"vinny", "/c", yes}, {"", "/b", yes}}},
      {"a star with more to it",
       "User-agent: * bot\nDisallow: /a\n\nUser-agent: *bot\nDisallow: /b\n",
       {{"vinny", "/a", no}, {"vinny", "/b", yes}}},
      {"the product of the header",
       "User-agent: Vinny/1.0 (+https://x.example)\nDisallow: /\n",
       {{"vinny", "/", no}, {"other", "/", yes}}},
  });
}

TEST_CASE("the longest pattern wins and a tie allows") {
  check({
      {"disallow is longer",
       "user-agent: a\ndisallow: /x/page.html\nallow: /x/\n",
       {{"a", "/x/page.html", no}, {"a", "/x/", yes}}},
      {"allow is longer",
       "user-agent: a\nallow: /x/page.html\ndisallow: /x/\n",
       {{"a", "/x/page.html", yes}, {"a", "/x/", no}}},
      {"both are empty", "user-agent: a\ndisallow: \nallow: \n", {{"a", "/x", yes}}},
      {"a tie", "user-agent: a\ndisallow: /\nallow: /\n", {{"a", "/x", yes}}},
      {"a tie the other way round", "user-agent: a\nallow: /\ndisallow: /\n", {{"a", "/x", yes}}},
      {"a tie of longer ones",
       "user-agent: a\ndisallow: /x/page.html\nallow: /x/page.html\n",
       {{"a", "/x/page.html", yes}}},
      {"one octet",
       "user-agent: a\ndisallow: /x\nallow: /x/\n",
       {{"a", "/x", no}, {"a", "/x/", yes}}},
      {"a star counts",
       "user-agent: a\nallow: /page\ndisallow: /*.html\n",
       {{"a", "/page.html", no}, {"a", "/page", yes}}},
      {"longer than with a star",
       "user-agent: a\nallow: /x/page.\ndisallow: /*.html\n",
       {{"a", "/x/page.html", yes}, {"a", "/x/y.html", no}}},
      {"the end counts",
       "user-agent: a\nallow: /$\ndisallow: /\n",
       {{"a", "/", yes}, {"a", "/page.html", no}}},
      {"allow a part", "user-agent: a\nallow: /p\ndisallow: /\n", {{"a", "/page", yes}}},
      {"the same folder",
       "user-agent: a\nallow: /folder\ndisallow: /folder\n",
       {{"a", "/folder/page", yes}}},
      {"five against six",
       "user-agent: a\nallow: /page\ndisallow: /*.htm\n",
       {{"a", "/page.htm", no}}},
      {"over merged groups",
       "user-agent: a\nallow: /x/y\n\nuser-agent: b\ndisallow: /\n\nuser-agent: a\n"
       "disallow: /x\n",
       {{"a", "/x/y", yes}, {"a", "/x/z", no}}},
      {"of encoded text, encoded octets",
       "user-agent: a\ndisallow: /\xC3\xA9\nallow: /%C3%A9\n",
       {{"a", "/\xC3\xA9", yes}}},
      {"decoded octets are one",
       "user-agent: a\ndisallow: /%61%62\nallow: /abc\n",
       {{"a", "/abc", yes}, {"a", "/abd", no}}},
      {"an index page stands for its folder",
       "user-agent: *\nallow: /s/index.html\ndisallow: /\n",
       {{"a", "/s/", yes},
        {"a", "/s/index.html", yes},
        {"a", "/s/index.htm", no},
        {"a", "/s/other", no},
        {"a", "/", no}}},
  });
}

TEST_CASE("robots.txt itself is always allowed") {
  std::string_view const barred = "user-agent: *\ndisallow: /\ndisallow: /robots.txt\n";
  check({{"barred",
          barred,
          {{"vinny", "/robots.txt", yes},
           {"vinny", "/%72obots.txt", yes},
           {"vinny", "/robots.txt.old", no},
           {"vinny", "/a/robots.txt", no},
           {"vinny", "/Robots.txt", no},
           {"vinny", "", no},
           {"vinny", "?q", no}}}});
}

TEST_CASE("an absent file allows all and an unreadable one nothing") {
  CHECK(robots_rules::allow_all().allowed("vinny", "/x"));
  CHECK_FALSE(robots_rules::deny_all().allowed("vinny", "/x"));
  CHECK_FALSE(robots_rules::deny_all().allowed("", ""));
  CHECK(robots_rules::deny_all().allowed("vinny", "/robots.txt"));
  CHECK(robots_rules::deny_all().sitemaps().empty());
  CHECK_FALSE(robots_rules::deny_all().crawl_delay("vinny"));
}
