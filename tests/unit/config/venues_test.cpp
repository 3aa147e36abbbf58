// SPDX-License-Identifier: MIT
#include "config/venues.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "config/load.hpp"
#include "core/time.hpp"
#include "core/url.hpp"

using namespace vinny;

namespace {

config good(std::string_view toml) {
  auto read = parse_config(toml, "vinny.toml");
  REQUIRE(read);
  return *std::move(read);
}

}  // namespace

TEST_CASE("the shipped venues are whole and told apart by tag, name and alias") {
  std::set<std::string> tags;
  std::set<std::string> ids;
  std::set<std::string> names;
  std::size_t named = 0;
  for (auto const& venue : shipped_venues()) {
    INFO(venue.tag);
    CHECK(is_slug(venue.tag));
    CHECK(is_time_zone(venue.time_zone));
    CHECK(url::parse(venue.sitemap));
    CHECK(std::ranges::find(extractor_names(), venue.extractor) != extractor_names().end());
    tags.insert(venue.tag);
    ids.insert(venue.id());
    names.insert(venue.name);
    names.insert(venue.aliases.begin(), venue.aliases.end());
    named += 1 + venue.aliases.size();
  }
  CHECK(tags == std::set<std::string>{"liv", "livb", "xs", "ebc", "ebcn", "hakkasan", "omnia",
                                      "omnia-dayclub", "marquee", "marquee-dayclub", "tao",
                                      "tao-beach", "jewel", "wet-republic", "palm-tree"});
  CHECK(ids.size() == tags.size());
  CHECK(names.size() == named);
}

TEST_CASE("published ids of shipped venues stay what they are") {
  auto const c = good("");
  CHECK(c.find_venue("liv")->id() == "liv-las-vegas");
  CHECK(c.find_venue("livb")->id() == "liv-beach");
  CHECK(c.find_venue("xs")->id() == "xs-nightclub");
  CHECK(c.find_venue("ebcn")->id() == "encore-beach-club-at-night");
  CHECK(c.find_venue("wet-republic")->id() == "wet-republic");
  CHECK(c.find_venue("LIV") == nullptr);
}

TEST_CASE("an entry replaces the shipped venue of its tag, whole") {
  auto const c = good(R"(
[[venue]]
tag = "liv"
sitemap = "https://example.org/sitemap.xml"
[[venue]]
tag = "hall"
name = "The Hall"
aliases = ["Hall", "Old Hall"]
extractor = "tao"
time_zone = "Europe/Berlin"
image_hosts = ["IMG.example.org"]
[[venue]]
tag = "bare"
)");
  CHECK(c.venues.size() == shipped_venues().size() + 2);
  auto const& liv = c.venues.front();
  CHECK(liv.tag == "liv");
  CHECK(liv.name == "LIV Las Vegas");
  CHECK(liv.sitemap == "https://example.org/sitemap.xml");
  CHECK(liv.extractor == "schema-org");
  CHECK(liv.aliases.empty());
  CHECK(liv.image_hosts.empty());
  CHECK(liv.time_zone == "America/Los_Angeles");

  auto const* hall = c.find_venue("hall");
  REQUIRE(hall != nullptr);
  CHECK(hall->name == "The Hall");
  CHECK(hall->aliases == std::vector<std::string>{"Hall", "Old Hall"});
  CHECK(hall->extractor == "tao");
  CHECK(hall->time_zone == "Europe/Berlin");
  CHECK(hall->image_hosts == std::vector<std::string>{"img.example.org"});

  REQUIRE(c.find_venue("bare") != nullptr);
  CHECK(c.find_venue("bare")->name == "bare");
  CHECK(c.find_venue("bare")->sitemap.empty());
}

TEST_CASE("every mistake of every venue is found in its line") {
  auto const read = parse_config(R"([[venue]]
tag = "LIV x"
extractor = "livv"
sitemap = "example.org"
time_zone = "America/Las_Vegas"
[[venue]]
tag = "a"
[[venue]]
name = "without a tag"
[[venue]]
tag = "a"
aliases = ["", 3]
image_hosts = ["http://example.org"]
)",
                                 "v.toml");
  REQUIRE_FALSE(read);
  std::vector<std::pair<int, std::string>> found;
  for (auto const& problem : read.error()) found.emplace_back(problem.line, problem.key);
  CHECK(found == std::vector<std::pair<int, std::string>>{{2, "venue.tag"},
                                                          {3, "venue.extractor"},
                                                          {4, "venue.sitemap"},
                                                          {5, "venue.time_zone"},
                                                          {8, "venue.tag"},
                                                          {11, "venue.tag"},
                                                          {12, "venue.aliases"},
                                                          {12, "venue.aliases"},
                                                          {13, "venue.image_hosts"}});
  CHECK(to_string(read.error()[5]) ==
        "v.toml:11: venue.tag: \"a\" is taken by the entry in line 7");
}
