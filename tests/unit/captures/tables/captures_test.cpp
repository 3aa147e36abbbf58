// SPDX-License-Identifier: MIT
#include "captures/tables/captures.hpp"
#include "captures/model/capture_settings.hpp"

#include <sqlite3.h>
#include <catch2/catch.hpp>

#include <string>
#include <tuple>

#include "captures/tables/thumbnails.hpp"
#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

constexpr std::int64_t noon = 1'800'000'000'000;
thumbnail_size const small{"small", 240};

capture at(std::string location, std::int64_t ms = noon, std::string etag = {}) {
  return {.collection = "moths",
          .origin = capture_origin::directory,
          .location = std::move(location),
          .bytes = 1000,
          .etag = std::move(etag),
          .modified_ms = ms};
}

struct gallery : memory_catalog {
  std::int64_t add(std::string const& location) { return add_capture(db, at(location)).id; }
  lease_terms terms(std::int64_t now = noon) {
    return {.token = db.text("SELECT lower(hex(randomblob(6)))").value(),
            .now_ms = now,
            .until_ms = now + 10,
            .doomed_ms = now + 1000};
  }
  /// Makes a thumbnail as the maker does; its key.
  std::string make(std::int64_t id) {
    auto const start = begin_thumbnail(db, id, small, terms());
    REQUIRE(start.how == thumbnail_start::outcome::leased);
    auto const& lease = start.lease;
    REQUIRE(finish_thumbnail(db, lease,
                             {.label = "small",
                              .key = lease.key,
                              .width = 240,
                              .height = 160,
                              .bytes = 9,
                              .source_ms = lease.of.modified_ms},
                             noon + 500) == thumbnail_end::kept);
    return lease.key;
  }
  std::vector<std::string> doomed(std::int64_t now) { return doomed_objects(db, now, 100); }
  source_stretch all(std::vector<capture> found) {
    return {.collection = "moths", .after = {}, .to = "\xFF", .found = std::move(found)};
  }
};

int count_statement(unsigned, void* count, void*, void*) {
  ++*static_cast<int*>(count);
  return 0;
}

}  // namespace

TEST_CASE("2.3 14: a list is two statements, whatever its length") {
  gallery g;
  for (int i = 0; i < 120; ++i) g.make(g.add(std::to_string(i)));
  int statements = 0;
  sqlite3_trace_v2(g.db.handle().getHandle(), SQLITE_TRACE_STMT, count_statement, &statements);
  for (std::size_t const limit : {1, 2, 50, 120}) {
    statements = 0;
    auto const rows = list_captures(g.db, {.collection = {}, .limit = limit});
    CHECK(rows.size() == limit);
    CHECK(statements == 2);
    for (auto const& one : rows) CHECK(one.thumbnails.size() == 1);
  }
  statements = 0;
  CHECK(list_captures(g.db, {.collection = "bees"}).empty());
  CHECK(statements == 1);
}

TEST_CASE("pages go on where the one before ended, newest first") {
  gallery g;
  for (int i = 0; i < 5; ++i) g.add(std::to_string(i));
  std::ignore = add_capture(g.db, {.collection = "bees", .location = "http://x/y.jpg"});
  auto const first = list_captures(g.db, {.collection = "moths", .limit = 3});
  REQUIRE(first.size() == 3);
  CHECK(first[0].what.location == "4");
  auto const rest =
      list_captures(g.db, {.collection = "moths", .before = first[2].what.id, .limit = 3});
  REQUIRE(rest.size() == 2);
  CHECK(rest[1].what.location == "0");
}

TEST_CASE("one place is one capture of a collection") {
  gallery g;
  auto const first = add_capture(g.db, at("a"));
  auto const again = add_capture(g.db, at("a"));
  CHECK(first.fresh);
  CHECK_FALSE(again.fresh);
  CHECK(first.id == again.id);
  // An id is never given twice: addresses that were handed out carry it.
  CHECK(remove_capture(g.db, first.id, noon));
  CHECK_FALSE(remove_capture(g.db, first.id, noon));
  CHECK(add_capture(g.db, at("a")).id > first.id);
}

TEST_CASE("2.5 31: one thumbnail is made by one at a time, and nobody's object is removed") {
  gallery g;
  auto const id = g.add("a");
  auto const mine = begin_thumbnail(g.db, id, small, g.terms());
  REQUIRE(mine.how == thumbnail_start::outcome::leased);
  CHECK(begin_thumbnail(g.db, id, small, g.terms()).how == thumbnail_start::outcome::busy);
  CHECK(begin_thumbnail(g.db, id, {"medium", 1024}, g.terms()).how ==
        thumbnail_start::outcome::leased);
  // Mine has ended without a word: another takes over, and then I come back.
  auto const other = begin_thumbnail(g.db, id, small, g.terms(noon + 11));
  REQUIRE(other.how == thumbnail_start::outcome::leased);
  CHECK(other.lease.key != mine.lease.key);
  CHECK_FALSE(renew_lease(g.db, mine.lease, noon + 50));
  CHECK(renew_lease(g.db, other.lease, noon + 50));
  thumbnail const of_mine{.label = "small", .key = mine.lease.key, .width = 240};
  thumbnail const of_other{.label = "small", .key = other.lease.key, .width = 240};
  CHECK(finish_thumbnail(g.db, mine.lease, of_mine, noon + 500) == thumbnail_end::kept);
  CHECK(is_leased(g.db, id, "small", noon + 20));  // 2.6 40: only the owner releases
  CHECK(finish_thumbnail(g.db, other.lease, of_other, noon + 500) == thumbnail_end::kept);
  auto const row = find_capture(g.db, id);
  REQUIRE(row->thumbnails.size() == 1);
  CHECK(row->thumbnails[0].key == other.lease.key);
  // The first one's object is removed later, when no redirect leads to it any more.
  CHECK(g.doomed(noon + 499).empty());
  CHECK(g.doomed(noon + 500) == std::vector{mine.lease.key});
}

TEST_CASE("a valid thumbnail is not made again, and a changed source makes it stale") {
  gallery g;
  auto const id = g.add("a");
  auto const key = g.make(id);
  auto const again = begin_thumbnail(g.db, id, small, g.terms());
  CHECK(again.how == thumbnail_start::outcome::valid);
  CHECK(again.key == key);
  CHECK(begin_thumbnail(g.db, 99, small, g.terms()).how == thumbnail_start::outcome::unknown);
  // 2.6 35: replaced while it is being made.
  auto const lease = begin_thumbnail(g.db, id, {"medium", 1024}, g.terms());
  apply_changes(g.db, compare_stretch(g.db, g.all({at("a", noon + 5)}), 10), noon);
  REQUIRE(finish_thumbnail(g.db, lease.lease,
                           {.label = "medium",
                            .key = lease.lease.key,
                            .width = 1024,
                            .source_ms = lease.lease.of.modified_ms},
                           noon) == thumbnail_end::kept);
  CHECK(begin_thumbnail(g.db, id, {"medium", 1024}, g.terms()).how ==
        thumbnail_start::outcome::leased);
  CHECK(begin_thumbnail(g.db, id, small, g.terms()).how == thumbnail_start::outcome::leased);
}

TEST_CASE("an object is doomed from before it exists until a row names it") {
  gallery g;
  auto const id = g.add("a");
  auto const start = begin_thumbnail(g.db, id, small, g.terms());
  CHECK(is_known_object(g.db, id, start.lease.key));
  CHECK(g.doomed(noon + 1000) == std::vector{start.lease.key});
  SECTION("finished") {
    thumbnail const made{.label = "small", .key = start.lease.key, .width = 240};
    CHECK(finish_thumbnail(g.db, start.lease, made, noon) == thumbnail_end::kept);
    CHECK(g.doomed(noon + 1000).empty());
    CHECK(is_known_object(g.db, id, start.lease.key));
    // 2.5 32: with the capture its objects go.
    CHECK(remove_capture(g.db, id, noon + 7));
    CHECK(g.doomed(noon + 7) == std::vector{start.lease.key});
  }
  SECTION("given up") {
    abandon_thumbnail(g.db, start.lease, noon);
    CHECK(g.doomed(noon) == std::vector{start.lease.key});
    CHECK_FALSE(is_leased(g.db, id, "small", noon));
  }
  SECTION("finished after its time") {
    spare_object(g.db, start.lease.key);
    thumbnail const made{.label = "small", .key = start.lease.key, .width = 240};
    CHECK(finish_thumbnail(g.db, start.lease, made, noon) == thumbnail_end::overtaken);
    CHECK(find_capture(g.db, id)->thumbnails.empty());
  }
  SECTION("of a capture that is gone") {
    remove_capture(g.db, id, noon);
    thumbnail const made{.label = "small", .key = start.lease.key, .width = 240};
    CHECK(finish_thumbnail(g.db, start.lease, made, noon) == thumbnail_end::gone);
    CHECK(g.doomed(noon + 1000) == std::vector{start.lease.key});
  }
}

TEST_CASE("another store knows nothing of the thumbnails in the one before") {
  gallery g;
  take_thumbnail_store(g.db, "one");
  auto const id = g.add("a");
  g.make(id);
  take_thumbnail_store(g.db, "one");
  CHECK(find_capture(g.db, id)->thumbnails.size() == 1);
  take_thumbnail_store(g.db, "two");
  CHECK(find_capture(g.db, id)->thumbnails.empty());
}

TEST_CASE("a source that is compared gives what is new, changed and gone") {
  gallery g;
  apply_changes(g.db, compare_stretch(g.db, g.all({at("a"), at("b"), at("c")}), 10), noon);
  CHECK(compare_stretch(g.db, g.all({at("a"), at("b"), at("c")}), 10).none());
  auto const changes = compare_stretch(g.db, g.all({at("b", noon + 9), at("d")}), 10);
  REQUIRE(changes.fresh.size() == 1);
  CHECK(changes.fresh[0].location == "d");
  REQUIRE(changes.changed.size() == 1);
  CHECK(changes.changed[0].modified_ms == noon + 9);
  CHECK(changes.gone.size() == 2);
  CHECK(compare_stretch(g.db, g.all({}), 2).more);
  // Another collection's captures, and those outside of the stretch, stay as they are.
  std::ignore = add_capture(
      g.db, {.collection = "bees", .origin = capture_origin::directory, .location = "a"});
  auto const part =
      compare_stretch(g.db, {.collection = "moths", .after = "a", .to = "b", .found = {}}, 10);
  CHECK(part.gone.size() == 1);
}

TEST_CASE("a version never goes back, and a change within the clock's resolution is one") {
  gallery g;
  std::ignore = add_capture(g.db, at("a", noon, "one"));
  auto const change = [&g](capture const& listed) {
    auto const found = compare_stretch(g.db, g.all({listed}), 10);
    apply_changes(g.db, found, noon);
    return found.changed.empty() ? std::optional<std::int64_t>{} : found.changed[0].modified_ms;
  };
  CHECK(change(at("a", noon, "one")) == std::nullopt);
  CHECK(change(at("a", noon + 3, "one")) == std::nullopt);  // touched, the same content
  CHECK(change(at("a", noon, "two")) == noon + 1);
  CHECK(change(at("a", noon - 5000, "three")) == noon + 2);
  CHECK(change(at("a", noon + 5000, "four")) == noon + 5000);
}
