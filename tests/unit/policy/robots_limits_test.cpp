// SPDX-License-Identifier: MIT
//
// Sitemaps, crawl delays, and files too large to be meant well.
#include "policy/robots.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("sitemap lines are collected wherever they stand") {
  auto const rules = robots_rules::parse(
      "Sitemap: https://example.org/a.xml\nuser-agent: x\nSITEMAP:https://example.org/b.xml  \n"
      "disallow: /\nsitemap:\nsite-map: /c.xml # relative\n");
  CHECK(rules.sitemaps() == std::vector<std::string>{"https://example.org/a.xml",
                                                     "https://example.org/b.xml", "/c.xml"});
  CHECK(robots_rules::parse("user-agent: *\ndisallow: /\n").sitemaps().empty());
}

TEST_CASE("the crawl delay is that of the product's groups") {
  struct row {
    std::string_view text;
    std::optional<std::chrono::milliseconds> expected;
  };
  std::vector<row> const rows{
      {"user-agent: *\ncrawl-delay: 10\n", 10s},
      {"user-agent: *\nCrawl-Delay:1.5\n", 1'500ms},
      {"user-agent: *\ncrawl-delay: 0\n", 0ms},
      {"user-agent: *\ncrawl-delay: .25\n", 250ms},
      {"user-agent: *\ncrawl-delay: 0.0001\n", 1ms},
      {"user-agent: *\ncrawl-delay: 3600\n", 3'600s},
      {"user-agent: *\ncrawl-delay: 99999999999999999999\n", 24h},
      {"user-agent: *\ncrawl-delay: -1\n", std::nullopt},
      {"user-agent: *\ncrawl-delay: 5s\n", std::nullopt},
      {"user-agent: *\ncrawl-delay: nan\n", std::nullopt},
      {"user-agent: *\ncrawl-delay: inf\n", std::nullopt},
      {"user-agent: *\ncrawl-delay:\n", std::nullopt},
      {"crawl-delay: 5\nuser-agent: *\n", std::nullopt},
      {"user-agent: other\ncrawl-delay: 5\n", std::nullopt},
      {"user-agent: vinny\ncrawl-delay: 2\n\nuser-agent: *\ndisallow:\ncrawl-delay: 9\n", 2s},
      {"user-agent: vinny\ndisallow: /x\n\nuser-agent: *\ncrawl-delay: 9\n", std::nullopt},
      {"user-agent: VINNY\ndisallow: /x\ncrawl-delay: 3\n", 3s},
      {"user-agent: a\nuser-agent: vinny\ncrawl-delay: 4\n", 4s},
      {"user-agent: a\ncrawl-delay: 4\nuser-agent: vinny\ndisallow: /\n", std::nullopt},
      {"user-agent: vinny\ncrawl-delay: 2\ndisallow: /a\nuser-agent: vinny\ncrawl-delay: 7\n", 7s},
      {"user-agent: vinny\ncrawl-delay: 7\ndisallow: /a\nuser-agent: vinny\ncrawl-delay: 2\n", 7s},
      {"user-agent: vinny\ndisallow: /a\nuser-agent: b\ncrawl-delay: 2\n", std::nullopt},
  };
  for (auto const& r : rows) {
    CAPTURE(r.text);
    CHECK(robots_rules::parse(r.text).crawl_delay("vinny") == r.expected);
  }
}

TEST_CASE("what a line has beyond its limit is not read") {
  auto const fill = [](std::string_view field, char letter) {
    return "/x/" + std::string(robots_rules::max_line - field.size() - 3, letter);
  };
  auto const barred = fill("disallow: ", 'a');
  auto const disallow = robots_rules::parse("user-agent: a\ndisallow: " + barred + "/qux\n");
  CHECK(disallow.allowed("a", "/fux"));
  CHECK_FALSE(disallow.allowed("a", barred + "/fux"));

  auto const open = fill("allow: ", 'b');
  auto const allow =
      robots_rules::parse("user-agent: a\ndisallow: /\nallow: " + open + "/qux\nallow: /y\n");
  CHECK_FALSE(allow.allowed("a", "/"));
  CHECK(allow.allowed("a", open + "/fux"));
  CHECK(allow.allowed("a", "/y"));
}

TEST_CASE("the first 512 KiB are read, as far as the last whole line") {
  std::string text = "user-agent: *\ndisallow: /early\n";
  text += std::string(500 * 1024, '\n') + "disallow: /after-500-kib\n";
  text += std::string(robots_rules::max_text - text.size() - 11, '\n');
  auto const cut_here = text.size();
  text += "disallow: /late\ndisallow: /later\n";
  REQUIRE(cut_here + std::string_view{"disallow: /"}.size() == robots_rules::max_text);
  auto const rules = robots_rules::parse(text);
  CHECK_FALSE(rules.allowed("vinny", "/early"));
  CHECK_FALSE(rules.allowed("vinny", "/after-500-kib"));
  CHECK(rules.allowed("vinny", "/late"));
  CHECK(rules.allowed("vinny", "/later"));
  CHECK(rules.allowed("vinny", "/"));
}

TEST_CASE("a file of the greatest size made to be slow is still quick") {
  auto const repeated = [](std::string_view part, std::size_t bytes) {
    std::string text;
    while (text.size() + part.size() <= bytes) text += part;
    return text;
  };
  auto const half = robots_rules::max_text / 2;
  auto const begin = std::chrono::steady_clock::now();

  auto const many_agents = robots_rules::parse(repeated("user-agent: vinny\n", half) +
                                               repeated("disallow: /*a\n", half));
  CHECK(many_agents.allowed("vinny", "/" + std::string(2'000, 'b')));
  CHECK_FALSE(many_agents.allowed("vinny", "/bba"));

  auto const many_delays =
      robots_rules::parse(repeated("user-agent: vinny\ncrawl-delay: 1\n", half * 2));
  CHECK(many_delays.crawl_delay("vinny") == 1s);

  auto const many_groups =
      robots_rules::parse(repeated("user-agent: vinny\ndisallow: /a\n", half * 2));
  CHECK(many_groups.allowed("vinny", "/b"));

  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}
