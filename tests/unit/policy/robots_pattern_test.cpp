// SPDX-License-Identifier: MIT
#include "policy/robots_pattern.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace vinny;

namespace {

bool matches(std::string_view pattern, std::string_view path) {
  return pattern_matches(normal_pattern(pattern), normal_path(path));
}

// The definition, spelt out: slow and plainly right.
bool matches_by_definition(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return true;
  if (pattern == "$") return path.empty();
  if (pattern[0] == '*') {
    for (std::size_t i = 0; i <= path.size(); ++i) {
      if (matches_by_definition(pattern.substr(1), path.substr(i))) return true;
    }
    return false;
  }
  return !path.empty() && path[0] == pattern[0] &&
         matches_by_definition(pattern.substr(1), path.substr(1));
}

}  // namespace

TEST_CASE("a pattern matches from the beginning of the path") {
  struct row {
    std::string_view pattern;
    std::vector<std::string_view> hits;
    std::vector<std::string_view> misses;
  };
  std::vector<row> const rows{
      {"/", {"/", "/x", "", "?q"}, {}},
      {"/*", {"/", "/x"}, {}},
      {"*", {"/", "/x"}, {}},
      {"/$", {"/", ""}, {"/x", "/?q"}},
      {"$", {}, {"/", "/x", ""}},
      {"/fish",
       {"/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fishheads/yummy.html",
        "/fish.html?id=anything"},
       {"/Fish.asp", "/catfish", "/?id=fish", "/bar", "/fis"}},
      {"/fish*",
       {"/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fish.html?id=anything"},
       {"/Fish.bar", "/catfish", "/?id=fish"}},
      {"/fish/",
       {"/fish/", "/fish/salmon", "/fish/?salmon", "/fish/salmon.html", "/fish/?id=anything"},
       {"/fish", "/fish.html", "/Fish/Salmon.html"}},
      {"/*.php",
       {"/filename.php", "/folder/filename.php", "/folder/filename.php?parameters",
        "//folder/any.php.file.html", "/filename.php/", "/index?f=filename.php/"},
       {"/php/", "/index?php", "/windows.PHP", "/bar"}},
      {"/*.php$",
       {"/filename.php", "/folder/filename.php", "/a.php.php"},
       {"/filename.php?parameters", "/filename.php/", "/filename.php5", "/php/", "/filename?php",
        "/aaaphpaaa", "//windows.PHP"}},
      {"/fish*.php", {"/fish.php", "/fishheads/catfish.php?parameters"}, {"/Fish.PHP", "/fish"}},
      {"/foo/*/qux", {"/foo/x/qux", "/foo/x/y/quxx", "/foo//qux"}, {"/foo/qux", "/foo/x/qu"}},
      {"/foo/bar$", {"/foo/bar"}, {"/foo/bar/", "/foo/bar/qux", "/foo/bar?", "/foo/ba"}},
      {"/x*$", {"/x", "/xyz"}, {"/y"}},
      {"/a*b*c", {"/abc", "/a1b2c3", "/aabbcc"}, {"/acb", "/ab"}},
      {"/a*b*c$", {"/abc", "/abcbc"}, {"/abcd", "/abcb"}},
      {"/a*ab$", {"/aab", "/axab"}, {"/ab", "/aabx"}},
      {"/a***b", {"/ab", "/axb"}, {"/a", "/b"}},
      {"/a**$", {"/a", "/ab"}, {"/b"}},
      {"/$x", {"/$x", "/%24x"}, {"/", "/x"}},
      {"/a$$", {"/a$", "/a%24"}, {"/a", "/a$$"}},
      {"*.gif$", {"/a.gif", "/b/c.gif"}, {"/a.gif?x", "/gif"}},
      {"x", {}, {"/x", "x", "/"}},
      {"http://example.org/x", {}, {"/x", "/"}},
      // Longer than the path.
      {"/abcdef", {}, {"/abc", "/"}},
      {"/*abcdef$", {}, {"/bcdef", "/f"}},
  };
  for (auto const& r : rows) {
    for (auto const path : r.hits) {
      CAPTURE(r.pattern, path);
      CHECK(matches(r.pattern, path));
    }
    for (auto const path : r.misses) {
      CAPTURE(r.pattern, path);
      CHECK_FALSE(matches(r.pattern, path));
    }
  }
}

TEST_CASE("one address in two spellings is one") {
  struct row {
    std::string_view pattern;
    std::string_view path;
    bool expected;
  };
  std::vector<row> const rows{
      // The table of RFC 9309, section 2.2.2.
      {"/foo/bar?baz=quz", "/foo/bar?baz=quz", true},
      {"/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", true},
      {"/foo/bar/\xE3\x83\x84", "/foo/bar/%E3%83%84", true},
      {"/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", true},
      {"/foo/bar/%62%61%7A", "/foo/bar/baz", true},
      // Section 2.2.3.
      {"/path/file-with-a-%2A.html", "/path/file-with-a-*.html", true},
      {"/path/file-with-a-%2A.html", "/path/file-with-a-b.html", false},
      {"/path/foo-%24", "/path/foo-$", true},
      {"/path/foo-%24", "/path/foo-", false},
      // And the other way round.
      {"/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", true},
      {"/foo/bar?qux=taz&baz=http://foo.bar?tar&par", "/foo/bar?qux=taz&baz=http://foo.bar?tar&par",
       true},
      {"/foo/bar/baz", "/foo/bar/%62%61%7A", true},
      {"/foo/bar/%E3%83%84", "/foo/bar/\xE3\x83\x84", true},
      {"/%e3%83%84", "/%E3%83%84", true},
      {"/%c3%a1", "/\xC3\xA1", true},
      {"/~user", "/%7Euser", true},
      {"/a b", "/a%20b", true},
      {"/a%20b", "/a b", true},
      {"/100%", "/100%25", true},
      {"/100%zz", "/100%25zz", true},
      {"/a%", "/a%", true},
      {"/a%4", "/a%4", true},
      {"/a|b", "/a%7Cb", true},
      // What is reserved keeps its meaning in a path.
      {"/a%2Fb", "/a/b", false},
      {"/a/b", "/a%2Fb", false},
      {"/a%3Fb", "/a?b", false},
      {"/x?a=b%26c", "/x?a=b&c", false},
      // Encoding is undone once.
      {"/%2561", "/a", false},
      {"/%2561", "/%61", false},
      // A fragment is no part of an address.
      {"/a#b", "/a", false},
      {"/a$", "/a#b", true},
      // Letters keep their case.
      {"/x/", "/X/", false},
  };
  for (auto const& r : rows) {
    CAPTURE(r.pattern, r.path);
    CHECK(matches(r.pattern, r.path) == r.expected);
  }
}

TEST_CASE("normal spellings are stable") {
  std::vector<std::pair<std::string_view, std::string_view>> const patterns{
      {"/a/b/c", "/a/b/c"},
      {"\xC3\xA1", "%C3%A1"},
      {"%aa", "%AA"},
      {"*$", "*$"},
      {"$*", "%24*"},
      {"%2a%24", "%2A%24"},
      {"", ""},
      {"/%00", "/%00"},
      {"?%2f%3a%3f%40%26", "?/:?@%26"},
  };
  for (auto const& [pattern, expected] : patterns) {
    CAPTURE(pattern);
    CHECK(normal_pattern(pattern) == expected);
    CHECK(normal_pattern(expected) == expected);
  }
  std::vector<std::pair<std::string_view, std::string_view>> const paths{
      {"", "/"},          {"/", "/"},
      {"?a", "/?a"},      {"a", "/a"},
      {"/a#b", "/a"},     {"#b", "/"},
      {"/*$", "/%2A%24"}, {"//a", "//a"},
      {"/a;b", "/a;b"},   {"/a?b=c&d=e#f", "/a?b=c&d=e"},
  };
  for (auto const& [path, expected] : paths) {
    CAPTURE(path);
    CHECK(normal_path(path) == expected);
    CHECK(normal_path(expected) == expected);
  }
}

TEST_CASE("matching agrees with its definition on random input") {
  std::mt19937 generator{42};
  auto const draw = [&](std::string_view letters, int longest) {
    std::string text;
    auto const length = std::uniform_int_distribution<int>{0, longest}(generator);
    std::uniform_int_distribution<std::size_t> pick{0, letters.size() - 1};
    for (int i = 0; i < length; ++i) text += letters[pick(generator)];
    return text;
  };
  int hits = 0;
  constexpr int rounds = 50'000;
  for (int i = 0; i < rounds; ++i) {
    auto const pattern = normal_pattern("/" + draw("ab*", 7) + (i % 3 == 0 ? "$" : ""));
    auto const path = "/" + draw("ab", 10);
    bool const expected = matches_by_definition(pattern, path);
    if (pattern_matches(pattern, path) != expected) {
      CAPTURE(pattern, path);
      CHECK(pattern_matches(pattern, path) == expected);
    }
    hits += expected ? 1 : 0;
  }
  CHECK(hits > rounds / 20);
  CHECK(hits < rounds * 19 / 20);
}

TEST_CASE("hostile patterns cost time in proportion to their length") {
  std::string stars;
  for (int i = 0; i < 8'000; ++i) stars += "*a";
  auto const path = "/" + std::string(16'000, 'a');
  auto const begin = std::chrono::steady_clock::now();
  // With backtracking, one of these outlasts the universe.
  CHECK_FALSE(pattern_matches("/" + stars + "*b", path));
  CHECK_FALSE(pattern_matches("/" + stars + "b$", path));
  CHECK(pattern_matches("/" + stars + "*$", path));
  CHECK_FALSE(pattern_matches("/*" + std::string(8'000, 'a') + "b", path));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{2});
}
