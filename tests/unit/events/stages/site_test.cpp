// SPDX-License-Identifier: MIT
#include "events/stages/site.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace vinny;

namespace {

venue a_venue(std::string tag, std::string extractor, std::string sitemap) {
  venue out;
  out.tag = std::move(tag);
  out.name = out.tag;
  out.extractor = std::move(extractor);
  out.sitemap = std::move(sitemap);
  return out;
}

using tags = std::vector<std::string>;

}  // namespace

TEST_CASE("venues of one sitemap are one site, in extractor order") {
  std::vector const venues{
      a_venue("any", "schema-org", "one"), a_venue("tao1", "tao", "one"),
      a_venue("own", "my-own", "one"),     a_venue("ebc1", "ebc", "one"),
      a_venue("liv1", "liv", "one"),       a_venue("xs1", "xs", "one"),
      a_venue("liv2", "liv", "one"),       a_venue("any2", "schema-org", "one"),
  };
  auto const sites = sites_of(venues);
  REQUIRE(sites.size() == 1);
  CHECK(sites[0].sitemap == "one");
  CHECK(sites[0].tags() == tags{"liv1", "liv2", "xs1", "ebc1", "tao1", "any", "any2", "own"});
}

TEST_CASE("sites stand in the order of their first venue") {
  std::vector const venues{a_venue("a", "tao", "two"), a_venue("b", "liv", "one"),
                           a_venue("c", "xs", "two"), a_venue("d", "liv", "")};
  auto const sites = sites_of(venues);
  REQUIRE(sites.size() == 2);
  CHECK(sites[0].sitemap == "two");
  CHECK(sites[0].tags() == tags{"c", "a"});
  CHECK(sites[1].sitemap == "one");
  CHECK(sites[1].tags() == tags{"b"});
  CHECK(sites_of({}).empty());
}

TEST_CASE("today is the day at the site's first venue") {
  auto here = a_venue("a", "liv", "one");
  auto there = here;
  there.sitemap = "two";
  there.time_zone = "Asia/Tokyo";
  auto const sites = sites_of(std::vector{here, there});
  auto const at = *from_rfc3339("2027-06-12T05:30:00Z");
  CHECK(sites[0].today(at) == "2027-06-11");
  CHECK(sites[1].today(at) == "2027-06-12");
}
