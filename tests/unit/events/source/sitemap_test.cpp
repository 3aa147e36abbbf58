// SPDX-License-Identifier: MIT
#include "events/source/sitemap.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

std::string urlset(std::string_view inner) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">" +
         std::string{inner} + "</urlset>";
}

}  // namespace

TEST_CASE("A sitemap gives its pages with what was last modified when") {
  auto const map = parse_sitemap(urlset(R"(
    <url><loc>
      https://example.org/event/a/?x=1&amp;y=2
    </loc><lastmod>2027-05-01</lastmod></url>
    <url><lastmod>yesterday</lastmod><loc><![CDATA[https://example.org/b]]></loc></url>
    <url><lastmod>2027-05-01</lastmod></url>)"));
  REQUIRE(map);
  CHECK_FALSE(map->is_index);
  CHECK_FALSE(map->truncated);
  REQUIRE(map->entries.size() == 2);
  CHECK(map->entries[0].loc == "https://example.org/event/a/?x=1&y=2");
  REQUIRE(map->entries[0].modified);
  CHECK(map->entries[0].modified->text == "2027-05-01");
  CHECK(map->entries[1].loc == "https://example.org/b");
  CHECK_FALSE(map->entries[1].modified);
}

TEST_CASE("Namespace prefixes, other namespaces and image locations do not disturb a sitemap") {
  auto const map = parse_sitemap(
      "\xEF\xBB\xBF \n<s:urlset xmlns:s=\"urn:any\" xmlns:image=\"urn:i\"><s:url>"
      "<image:image><image:loc>https://example.org/a.jpg</image:loc></image:image>"
      "<s:loc>https://example.org/a</s:loc></s:url></s:urlset>");
  REQUIRE(map);
  REQUIRE(map->entries.size() == 1);
  CHECK(map->entries[0].loc == "https://example.org/a");
}

TEST_CASE("A sitemap index is told apart") {
  auto const map = parse_sitemap(
      "<sitemapindex><sitemap><loc>https://example.org/1.xml</loc>"
      "<lastmod>2027-05-01T10:00:00Z</lastmod></sitemap></sitemapindex>");
  REQUIRE(map);
  CHECK(map->is_index);
  REQUIRE(map->entries.size() == 1);
  CHECK(map->entries[0].modified->unit == lastmod::precision::second);
}

TEST_CASE("A text sitemap has one URL a line") {
  auto const map = parse_sitemap("\xEF\xBB\xBFhttps://example.org/a\r\n\r\nHTTP://example.org/b\n");
  REQUIRE(map);
  REQUIRE(map->entries.size() == 2);
  CHECK(map->entries[1].loc == "HTTP://example.org/b");
}

TEST_CASE("What is no sitemap fails and says why") {
  struct row {
    std::string bytes;
    std::string_view said;
  };
  auto const rows = {
      row{"", "empty"},
      row{"Not found", "neither XML"},
      row{"<!DOCTYPE html><html><body>Sorry</body></html>", "HTML page"},
      row{"\n<html lang=en>", "HTML page"},
      row{"<urlset><url><loc>https://example.org/a</loc></url><url><loc>https://exa", "XML"},
      row{"<rss><channel></channel></rss>", "rss"},
  };
  for (auto const& r : rows) {
    auto const map = parse_sitemap(r.bytes);
    REQUIRE_FALSE(map);
    CHECK(map.error().code == errc::bad_xml);
    CAPTURE(map.error().message);
    CHECK(map.error().message.find(r.said) != std::string::npos);
  }
}

TEST_CASE("Entities that a document type declares are never expanded") {
  auto const map = parse_sitemap(
      "<!DOCTYPE urlset [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
      "<urlset><url><loc>https://example.org/&a;&b;</loc></url></urlset>");
  REQUIRE(map);
  CHECK(map->entries.at(0).loc == "https://example.org/&a;&b;");
}

TEST_CASE("A sitemap over the protocol's limits is refused or cut") {
  std::string many;
  for (std::size_t i = 0; i < max_sitemap_entries + 3; ++i) many += "https://example.org/a\n";
  auto const map = parse_sitemap(many);
  REQUIRE(map);
  CHECK(map->truncated);
  CHECK(map->entries.size() == max_sitemap_entries);

  auto const large = parse_sitemap(std::string(max_sitemap_bytes + 1, ' '));
  REQUIRE_FALSE(large);
  CHECK(large.error().code == errc::sitemap_too_large);
}

TEST_CASE("Every form of a W3C datetime is read with its precision") {
  using precision = lastmod::precision;
  struct row {
    std::string_view text;
    std::string_view instant;
    precision unit;
  };
  auto const rows = {
      row{"2027", "2027-01-01T00:00:00.000Z", precision::year},
      row{"2027-06", "2027-06-01T00:00:00.000Z", precision::month},
      row{" 2027-06-12\n", "2027-06-12T00:00:00.000Z", precision::day},
      row{"2027-06-12T22:30Z", "2027-06-12T22:30:00.000Z", precision::minute},
      row{"2027-06-12T22:30-07:00", "2027-06-13T05:30:00.000Z", precision::minute},
      row{"2027-06-12T22:30:15+02:00", "2027-06-12T20:30:15.000Z", precision::second},
      row{"2027-06-12T22:30:15.250Z", "2027-06-12T22:30:15.250Z", precision::second},
      row{"2027-06-12t22:30:15z", "2027-06-12T22:30:15.000Z", precision::second},
      row{"2027-06-12 22:30:15", "2027-06-12T22:30:15.000Z", precision::second},
      row{"2027-06-12T22:30:15+0000", "2027-06-12T22:30:15.000Z", precision::second},
  };
  for (auto const& r : rows) {
    CAPTURE(r.text);
    auto const read = parse_lastmod(r.text);
    REQUIRE(read);
    CHECK(to_rfc3339(read->at) == r.instant);
    CHECK(read->unit == r.unit);
  }
}

TEST_CASE("Anything else is no W3C datetime") {
  for (auto const* text :
       {"", "27", "2027-", "2027-13", "2027-02-30", "2027-06-12T", "2027-06-12T22", "20270612",
        "2027-06-12T24:30Z", "2027-06-12T22:30:99Z", "2027-06-12T22:30:15.Z", "12 June 2027",
        "2027-06-12T22:30:15Z trailing", "2027-06-12T22:30:15+99:00", "0000"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_lastmod(text));
  }
}

TEST_CASE("Two lastmods are compared at the coarser precision") {
  struct row {
    std::string_view now;
    std::string_view seen;
    bool newer;
  };
  auto const rows = {
      row{"2027-06-12T10:00:01Z", "2027-06-12T10:00:00Z", true},
      row{"2027-06-12T10:00:00Z", "2027-06-12T10:00:00Z", false},
      row{"2027-06-12T10:00:30Z", "2027-06-12T10:00Z", false},
      row{"2027-06-12T10:00:00Z", "2027-06-12", false},
      row{"2027-06-13", "2027-06-12T23:59:59Z", true},
      row{"2027-06-12", "2027-06-12T23:59:59Z", false},
      row{"2027-07", "2027-06-12", true},
      row{"2027", "2027-06-12T10:00:00Z", false},
      row{"2027-06-11", "2027-06-12", false},
      row{"2027-06-12T00:30:00+02:00", "2027-06-11", false},
  };
  for (auto const& r : rows) {
    CAPTURE(r.now, r.seen);
    CHECK(parse_lastmod(r.now)->newer_than(*parse_lastmod(r.seen)) == r.newer);
  }
}
