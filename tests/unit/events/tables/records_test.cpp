// SPDX-License-Identifier: MIT
#include "events/tables/records.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

#include "events/tables/published.hpp"
#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

TEST_CASE("an event comes back from its record, every part of it") {
  event one;
  one.venue_tag = "liv";
  one.date = "2027-06-12";
  one.time = "22:30";
  one.starts_at = "2027-06-12T22:30:00-07:00";
  one.title = "Tiësto \"live\"\n🎧";
  one.description = "<b>& more";
  one.url = "https://example.org/?a=b&c=d";
  one.external_id = "EVE121488100020260627";
  one.status = event_status::rescheduled;
  one.performers = {"Tiësto", "MØ"};
  one.images = {"https://example.org/1.jpg", "https://example.org/2.jpg"};
  one.tiers = {{.name = "A", .price = 499.99, .guests = 6, .available = true},
               {.name = "B", .price = 500.0, .guests = {}, .available = false},
               {.name = "C", .price = {}, .guests = {}, .available = {}}};
  one.source = event_source::open_graph;
  CHECK(event_from_record(to_record(one)) == one);
  CHECK(event_from_record(to_record(event{})) == event{});
}

TEST_CASE("a record that is broken or from elsewhere is read as far as it goes") {
  for (char const* const text : {"", "[]", "7", "{broken", "{\"title\": 7, \"images\": {}}",
                                 "{\"tiers\": [7, null], \"performers\": [1, 2]}"}) {
    CAPTURE(text);
    CHECK(event_from_record(text) == event{});
  }
  CHECK(event_from_record(R"({"title":"x","new":"y"})").title == "x");
}

TEST_CASE("lists of strings come back") {
  std::vector<std::string> const values{"a", "", "\"q\"", "ë"};
  CHECK(strings_from_record(to_record(values)) == values);
  CHECK(strings_from_record(to_record(std::vector<std::string>{})).empty());
  CHECK(strings_from_record("{}").empty());
  CHECK(strings_from_record("oops").empty());
}

TEST_CASE("what a target confirmed is kept by target") {
  memory_catalog c;
  confirm_published(c.db, "local", {{"artists/a", "1"}, {"artists/b", "2"}});
  confirm_published(c.db, "script", {{"artists/a", "9"}});
  confirm_published(c.db, "local", {{"artists/a", "3"}, {"artists/b", ""}});
  CHECK(published_digests(c.db, "local") == std::map<std::string, std::string>{{"artists/a", "3"}});
  forget_published(c.db, "local");
  CHECK(published_digests(c.db, "local").empty());
  CHECK(published_digests(c.db, "script").size() == 1);
}
