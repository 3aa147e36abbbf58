// SPDX-License-Identifier: MIT
#include "events/tables/events.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

using keys = std::vector<std::string>;

std::set<artist_at_venue> tell(database& db, std::string const& page,
                               std::vector<event> const& events,
                               std::vector<venue> const& venues = {test_venue("liv", "LIV")},
                               std::string const& today = test_today) {
  return replace_sightings(db, page_id(db, page), venues, events, today, "2027-05-01T00:00:00Z");
}

}  // namespace

TEST_CASE("an event's key is its date, its headliner and its venue") {
  memory_catalog c;
  auto const beach = test_venue("livbeach", "LIV Beach");
  auto one = test_event("livbeach", "2027-06-12", "Tiësto");
  one.performers = {"Tiësto", "Dom Dolla", "TIESTO"};
  auto const touched = tell(c.db, "/a", {one}, {beach});
  CHECK(touched == std::set<artist_at_venue>{{"livbeach", "tiesto"}});
  auto const all = all_events(c.db);
  REQUIRE(all.size() == 1);
  CHECK(all[0].composite_key == "2027-06-12-tiesto-liv-beach");
  REQUIRE(all[0].performers.size() == 2);  // one person once, under both spellings
  CHECK(all[0].performers[0].slug == "tiesto");
  CHECK(all[0].performers[1].slug == "dom-dolla");
  CHECK(all[0].record == one);
  CHECK(all_events(c.db, {"liv"}).empty());
  CHECK(all_events(c.db, {"liv", "livbeach"}).size() == 1);
  CHECK(sightings_at(c.db, {"livbeach"}) == 1);
  CHECK(sightings_at(c.db, {"liv"}) == 0);
}

TEST_CASE("two sets in one day are two events, the later start is number 2") {
  memory_catalog c;
  auto const early = test_event("liv", "2027-06-12", "Dom Dolla", "14:00");
  auto const late = test_event("liv", "2027-06-12", "Dom Dolla", "23:00");
  bool const late_first = GENERATE(false, true);
  tell(c.db, "/a", {late_first ? late : early});
  tell(c.db, "/b", {late_first ? early : late});
  auto const all = all_events(c.db);
  REQUIRE(all.size() == 2);
  CHECK(all[0].composite_key == "2027-06-12-dom-dolla-liv");
  CHECK(all[0].record.time == "14:00");
  CHECK(all[1].composite_key == "2027-06-12-dom-dolla-liv-2");
  CHECK(all[1].record.time == "23:00");

  // When the first goes, the other takes its place.
  tell(c.db, late_first ? "/b" : "/a", {});
  CHECK(keys_of(c.db) == keys{"2027-06-12-dom-dolla-liv"});
  CHECK(all_events(c.db)[0].record.time == "23:00");
}

TEST_CASE("a sighting without a time joins the first set") {
  memory_catalog c;
  auto bare = test_event("liv", "2027-06-12", "Dom Dolla", "");
  bare.description = "from the calendar";
  bare.images = {"https://example.org/bare.jpg"};
  tell(c.db, "/a", {bare});
  CHECK(all_events(c.db).at(0).record.time.empty());
  tell(c.db, "/b",
       {test_event("liv", "2027-06-12", "Dom Dolla", "23:00"),
        test_event("liv", "2027-06-12", "Dom Dolla", "14:00")});
  auto const all = all_events(c.db);
  REQUIRE(all.size() == 2);
  CHECK(all[0].record.time == "14:00");
  CHECK(all[0].record.description == "from the calendar");
  CHECK(all[0].record.images == std::vector<std::string>{"https://example.org/bare.jpg"});
  CHECK(all[1].record.description.empty());
}

TEST_CASE("the better source leads and the others fill its gaps") {
  memory_catalog c;
  auto graph = test_event("liv", "2027-06-12", "Dom Dolla", "");
  graph.source = event_source::open_graph;
  graph.title = "from open graph";
  graph.description = "words";
  graph.images = {"https://example.org/1.jpg", "https://example.org/2.jpg"};
  auto linked = test_event("liv", "2027-06-12", "Dom Dolla", "22:30");
  linked.title = "from JSON-LD";
  linked.images = {"https://example.org/2.jpg", "https://example.org/3.jpg"};
  linked.tiers = {{.name = "Table", .price = 500.0, .guests = 6, .available = true}};
  tell(c.db, "/a", {graph});
  tell(c.db, "/z", {linked});
  auto const all = all_events(c.db);
  REQUIRE(all.size() == 1);
  CHECK(all[0].record.title == "from JSON-LD");
  CHECK(all[0].record.description == "words");
  CHECK(all[0].record.time == "22:30");
  CHECK(all[0].record.tiers == linked.tiers);
  CHECK(all[0].record.images == std::vector<std::string>{"https://example.org/2.jpg",
                                                         "https://example.org/3.jpg",
                                                         "https://example.org/1.jpg"});
}

TEST_CASE("a page that drops an event removes it, unless it is past or told elsewhere") {
  memory_catalog c;
  auto const past = test_event("liv", "2027-05-31", "Old");
  auto const today = test_event("liv", "2027-06-01", "Now");
  auto const next = test_event("liv", "2027-06-02", "New");
  auto const both = test_event("liv", "2027-06-03", "Both");
  tell(c.db, "/a", {past, today, next, both});
  tell(c.db, "/b", {both});
  auto const touched = tell(c.db, "/a", {});
  CHECK(keys_of(c.db) == keys{"2027-05-31-old-liv", "2027-06-03-both-liv"});
  CHECK(touched ==
        std::set<artist_at_venue>{{"liv", "old"}, {"liv", "now"}, {"liv", "new"}, {"liv", "both"}});
}

TEST_CASE("an event that moves to another day leaves nothing behind") {
  memory_catalog c;
  tell(c.db, "/a", {test_event("liv", "2027-06-12", "Dom Dolla")});
  tell(c.db, "/a", {test_event("liv", "2027-06-13", "Dom Dolla")});
  CHECK(keys_of(c.db) == keys{"2027-06-13-dom-dolla-liv"});
}

TEST_CASE("a page that is read for one venue keeps what it told of others") {
  memory_catalog c;
  auto const liv = test_venue("liv", "LIV");
  auto const story = test_venue("story", "Story");
  tell(c.db, "/a", {test_event("liv", "2027-06-12", "A"), test_event("story", "2027-06-12", "B")},
       {liv, story});
  tell(c.db, "/a", {test_event("liv", "2027-06-12", "C"), test_event("story", "2027-06-12", "D")},
       {liv});  // an event of a venue that was not asked for is not taken
  CHECK(keys_of(c.db) == keys{"2027-06-12-b-story", "2027-06-12-c-liv"});
}

TEST_CASE("an event without a performer is not taken") {
  memory_catalog c;
  auto none = test_event("liv", "2027-06-12", "A");
  none.performers.clear();
  CHECK(tell(c.db, "/a", {none}).empty());
  CHECK(keys_of(c.db).empty());
}

TEST_CASE("reading the same again changes no time stamp") {
  memory_catalog c;
  auto const one = test_event("liv", "2027-06-12", "Dom Dolla");
  auto const page = page_id(c.db, "/a");
  std::vector const venues{test_venue("liv", "LIV")};
  replace_sightings(c.db, page, venues, {one}, test_today, "2027-05-01T00:00:00Z");
  replace_sightings(c.db, page, venues, {one}, test_today, "2027-05-02T00:00:00Z");
  CHECK(all_events(c.db).at(0).updated_at == "2027-05-01T00:00:00Z");
  auto changed = one;
  changed.title = "now with a title";
  replace_sightings(c.db, page, venues, {changed}, test_today, "2027-05-03T00:00:00Z");
  CHECK(all_events(c.db).at(0).created_at == "2027-05-01T00:00:00Z");
  CHECK(all_events(c.db).at(0).updated_at == "2027-05-03T00:00:00Z");
}

TEST_CASE("an artist's events come with those to come first") {
  memory_catalog c;
  tell(c.db, "/a",
       {test_event("liv", "2027-05-01", "X"), test_event("liv", "2027-07-01", "X"),
        test_event("liv", "2027-06-01", "X"), test_event("liv", "2027-05-30", "X"),
        test_event("liv", "2027-06-15", "Y")});
  std::string dates;
  for (auto const& one : events_of(c.db, {"liv", "x"}, test_today)) dates += one.record.date + ' ';
  CHECK(dates == "2027-06-01 2027-07-01 2027-05-01 2027-05-30 ");
}

TEST_CASE("names of one identity share a slug, another identity gets a hash") {
  memory_catalog c;
  CHECK(artist_slug(c.db, "DJ Sol") == "dj-sol");
  CHECK(artist_slug(c.db, "dj   SOL!") == "dj-sol");
  auto const other = artist_slug(c.db, "DJ Sol 日本");
  CHECK(other.starts_with("dj-sol-"));
  CHECK(other.size() == std::string{"dj-sol-"}.size() + 8);
  CHECK(artist_slug(c.db, "DJ Sol 日本") == other);
  CHECK(artist_slug(c.db, "DJ Sol Кино") != other);
  CHECK(artist_slug(c.db, "DJ Sol") == "dj-sol");
  CHECK(c.db.number("SELECT count(*) FROM artists") == 3);
}

TEST_CASE("the better spelling of a name is kept, whichever came first") {
  auto const order = GENERATE(std::vector<std::string>{"DOM DOLLA", "Dom Dolla", "dom dolla"},
                              std::vector<std::string>{"dom dolla", "Dom Dolla", "DOM DOLLA"},
                              std::vector<std::string>{"Dom Dolla", "DOM DOLLA", "dom dolla"});
  memory_catalog c;
  for (auto const& name : order) (void)artist_slug(c.db, name);
  CHECK(c.db.text("SELECT name FROM artists WHERE slug = 'dom-dolla'") == "Dom Dolla");
}
