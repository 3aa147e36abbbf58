// SPDX-License-Identifier: MIT
//
// What the catalog says of events is a function of what the pages say now, not of the order in
// which they were read, nor of what they said before.
#include "events/tables/events.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

struct page_text {
  std::string url;
  std::vector<event> events;
};

std::size_t below(std::mt19937& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>{0, end - 1}(random);
}

/// Few names, days, times and sources, so that pages tell of the same events in different words.
event any_event(std::mt19937& random) {
  static std::vector<std::string> const names{"Dom Dolla", "DOM DOLLA", "Tiësto", "Tiesto"};
  static std::vector<std::string> const days{"2027-06-12", "2027-06-13"};
  static std::vector<std::string> const times{"", "14:00", "22:30"};
  auto out = test_event(below(random, 2) == 0 ? "liv" : "story", days[below(random, 2)],
                        names[below(random, 4)], times[below(random, 3)]);
  out.source = static_cast<event_source>(below(random, 4));
  out.title = "title " + std::to_string(below(random, 3));
  if (below(random, 2) == 0) out.description = "words " + std::to_string(below(random, 3));
  if (below(random, 2) == 0) {
    out.performers.push_back("Support " + std::to_string(below(random, 3)));
  }
  for (auto i = below(random, 3); i > 0; --i) {
    out.images.push_back("https://example.org/" + std::to_string(below(random, 5)) + ".jpg");
  }
  if (below(random, 3) == 0) {
    out.tiers.push_back({.name = "T",
                         .price = 5.0 * static_cast<double>(below(random, 9)),
                         .guests = {},
                         .available = {}});
  }
  return out;
}

std::vector<page_text> any_pages(std::mt19937& random) {
  std::vector<page_text> out;
  for (int i = 0; i < 6; ++i) {
    out.push_back({"https://example.org/" + std::to_string(i), {}});
    for (auto k = below(random, 4); k > 0; --k) out.back().events.push_back(any_event(random));
  }
  return out;
}

std::string told(database& db) {
  std::string out;
  for (auto const& one : all_events(db)) {
    out += one.composite_key + ' ';
    auto const& e = one.record;
    out += e.time + '|' + e.title + '|' + e.description;
    for (auto const& who : one.performers) out += '|' + who.slug + '=' + who.name;
    for (auto const& image : e.images) out += '|' + image;
    for (auto const& tier : e.tiers) out += '|' + std::to_string(tier.price.value_or(-1));
    out += '\n';
  }
  return out;
}

void tell(database& db, page_text const& page) {
  replace_sightings(db, page_id(db, page.url),
                    {test_venue("liv", "LIV"), test_venue("story", "Story")}, page.events,
                    test_today, "2027-05-01T00:00:00Z");
}

}  // namespace

TEST_CASE("pages give the same events in whatever order they are read") {
  std::mt19937 random{23};
  for (int round = 0; round < 12; ++round) {
    auto pages = any_pages(random);
    memory_catalog straight;
    for (auto const& page : pages) tell(straight.db, page);
    auto const expected = told(straight.db);
    for (int order = 0; order < 6; ++order) {
      std::ranges::shuffle(pages, random);
      memory_catalog shuffled;
      for (auto const& page : pages) {
        // A page may have been read before, and have told something else.
        if (below(random, 2) == 0) tell(shuffled.db, {page.url, {any_event(random)}});
        tell(shuffled.db, page);
        if (below(random, 3) == 0) tell(shuffled.db, page);
      }
      REQUIRE(told(shuffled.db) == expected);
    }
  }
}
