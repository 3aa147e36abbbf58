// SPDX-License-Identifier: MIT
#include "events/publish/difference.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

row artist(std::string id, std::string name = "name") {
  return {table_id::artists, {id, id, std::move(name), {}, {}}};
}
row event(std::string id, std::string title = "title", std::string scraped_at = "t") {
  row out{table_id::events, std::vector<cell>(18)};
  out.cells[0] = id;
  out.cells[1] = id;
  out.cells[2] = std::move(title);
  out.cells[15] = std::move(scraped_at);
  return out;
}
row performs(std::string event_id, std::string artist_id) {
  return {table_id::event_artists, {event_id, artist_id, std::int64_t{0}, "headliner"}};
}
row image(std::string artist_id, std::string size) {
  return {table_id::images, {artist_id, "liv", size, "u", {}, {}, {}, {}, {}}};
}
row tier(std::string event_id, std::string name) {
  return {table_id::table_tiers, {event_id, "liv", name, 500.0, {}, {}}};
}

using state = std::map<std::string, std::string>;

state published(std::vector<row> const& rows) {
  state out;
  for (auto const& r : rows) out[key_of(r)] = digest_of(r);
  return out;
}

std::vector<std::string> outline(std::vector<change> const& changes) {
  std::vector<std::string> out;
  for (auto const& c : changes) {
    out.push_back((c.what == change::kind::upsert ? "+" : "-") + key_of(c.value));
  }
  return out;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the difference holds what is new, changed or gone and nothing else") {
  struct expectation {
    char const* what;
    std::vector<row> before;
    std::vector<row> wanted;
    bool full;
    lines changes;
  };
  for (auto const& e : std::vector<expectation>{
           {"nothing at all", {}, {}, false, {}},
           {"a first export", {}, {artist("a"), event("e")}, false, {"+artists/a", "+events/e"}},
           {"nothing new", {artist("a")}, {artist("a")}, false, {}},
           {"nothing new, full", {artist("a")}, {artist("a")}, true, {"+artists/a"}},
           {"a changed cell",
            {artist("a"), artist("b")},
            {artist("a"), artist("b", "B")},
            false,
            {"+artists/b"}},
           {"merely seen again", {event("e", "x", "t1")}, {event("e", "x", "t2")}, false, {}},
           {"gone", {event("e"), event("f")}, {event("f")}, false, {"-events/e"}},
           {"gone, full", {event("e"), event("f")}, {event("f")}, true, {"-events/e", "+events/f"}},
           {"one id in two tables",
            {artist("x")},
            {event("x")},
            false,
            {"-artists/x", "+events/x"}}}) {
    CAPTURE(e.what);
    CHECK(outline(difference(e.wanted, published(e.before), e.full)) == e.changes);
  }
}

TEST_CASE("removals come first, children before parents, then parents before children") {
  std::vector<row> const before{artist("a"), event("e"), performs("e", "a"), image("a", "hd"),
                                tier("e", "t")};
  std::vector<row> const wanted{tier("f", "t"), image("b", "hd"), performs("f", "b"),
                                event("f"),     artist("b"),      image("b", "main")};
  CHECK(outline(difference(wanted, published(before), false)) ==
        lines{"-table_tiers/e/t", "-images/a/liv/hd", "-event_artists/e/a", "-events/e",
              "-artists/a", "+artists/b", "+events/f", "+event_artists/f/b", "+images/b/liv/hd",
              "+images/b/liv/main", "+table_tiers/f/t"});
}

TEST_CASE("recording the changes' digests makes the next difference empty") {
  std::vector<row> const wanted{artist("a"), event("e"), performs("e", "a"),
                                tier("e", "Stage / 1")};
  auto known = published({artist("a", "old"), artist("z"), tier("e", "gone")});
  for (auto const& c : difference(wanted, known, false)) {
    CHECK(c.key == key_of(c.value));
    CHECK(c.digest.empty() == (c.what == change::kind::remove));
    if (c.digest.empty()) {
      known.erase(c.key);
    } else {
      known[c.key] = c.digest;
    }
  }
  CHECK(known == published(wanted));
  CHECK(difference(wanted, known, false).empty());
}

TEST_CASE("of two wanted rows with one key the first counts") {
  std::vector<row> const twice{artist("a", "first"), artist("a", "second")};
  auto const changes = difference(twice, {}, false);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].value == artist("a", "first"));
  CHECK(difference(twice, published({artist("a", "first")}), false).empty());
}

TEST_CASE("a recorded key that names no row is passed over") {
  CHECK(difference({}, {{"performers/a", "d"}, {"images/a", "d"}, {"", "d"}}, true).empty());
}
