// SPDX-License-Identifier: MIT
#include "events/tables/objects.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

/// A catalog in which one rendition was made of one image.
struct one_file : memory_catalog {
  rendition_id const id{"liv", "dom-dolla", "main"};
  one_file() {
    auto one = test_event("liv", "2027-06-12", "Dom Dolla");
    one.images = {"https://example.org/a.jpg"};
    replace_sightings(db, page_id(db, "/a"), {test_venue("liv", "LIV")}, {one}, test_today, "t");
    refer_images(db, {"liv", "dom-dolla"}, test_today, {{"main", 500}}, same_url);
    make("one");
  }
  void make(std::string const& sha256) {
    auto const image = db.number("SELECT id FROM images");
    image_made(db, image, {}, {{.id = id, .sha256 = sha256, .width = 1, .height = 1, .bytes = 9}});
  }
  std::vector<object_job> due(std::int64_t now_ms = 0) { return due_objects(db, now_ms, {}, 10); }
};

}  // namespace

TEST_CASE("a file is put until the store confirms this very file") {
  one_file c;
  auto const jobs = c.due();
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].id == c.id);
  CHECK(jobs[0].id.key() == "artists/dom-dolla/dom-dolla_liv_main.jpg");
  CHECK(jobs[0].sha256 == "one");
  CHECK(jobs[0].bytes == 9);
  CHECK(due_objects(c.db, 0, {c.id.key()}, 10).empty());
  CHECK(due_objects(c.db, 0, {}, 0).empty());

  object_confirmed(c.db, jobs[0], "etag", "t");
  CHECK(c.due().empty());
  CHECK(made_renditions(c.db, {}, 10).at(0).stored);

  // Made again with the same bytes: the store has it.
  rendition_lost(c.db, c.id);
  CHECK(c.due().empty());
  c.make("one");
  CHECK(c.due().empty());
  // With other bytes: it is put again.
  rendition_lost(c.db, c.id);
  c.make("two");
  REQUIRE(c.due().size() == 1);
  CHECK(c.due()[0].sha256 == "two");
}

TEST_CASE("a file that changed while it was put is put again") {
  one_file c;
  auto const job = c.due().at(0);
  rendition_lost(c.db, c.id);
  c.make("two");
  object_confirmed(c.db, job, "etag", "t");
  REQUIRE(c.due().size() == 1);
  CHECK(c.due()[0].sha256 == "two");
  CHECK_FALSE(made_renditions(c.db, {}, 10).at(0).stored);
  object_confirmed(c.db, c.due()[0], "etag2", "t2");
  CHECK(c.due().empty());
  CHECK(c.db.text("SELECT sha256 || etag || confirmed_at FROM objects") == "twoetag2t2");
}

TEST_CASE("a postponed object waits, and the next run begins anew") {
  one_file c;
  object_postponed(c.db, c.due().at(0), 3, 5000);
  CHECK(c.due(4999).empty());
  REQUIRE(c.due(5000).size() == 1);
  CHECK(c.due(5000)[0].attempts == 3);
  revive_objects(c.db);
  REQUIRE(c.due(0).size() == 1);
  CHECK(c.due(0)[0].attempts == 0);
}

TEST_CASE("what the store has lost is put again") {
  one_file c;
  object_confirmed(c.db, c.due().at(0), "etag", "t");
  object_missing(c.db, c.id);
  CHECK(c.due().size() == 1);
  CHECK(c.db.number("SELECT count(*) FROM objects") == 0);
  // Even when the very same bytes are made again.
  rendition_lost(c.db, c.id);
  c.make("one");
  CHECK(c.due().size() == 1);
}

TEST_CASE("once a key has held other content, its address carries a version, for good") {
  one_file c;
  auto const versioned = [&] { return made_renditions(c.db, {}, 10).at(0).versioned; };
  CHECK_FALSE(c.due().at(0).known);
  object_confirmed(c.db, c.due().at(0), "etag", "t");
  CHECK_FALSE(versioned());
  // The same content again is no change.
  object_confirmed(c.db, {.id = c.id, .sha256 = "one", .bytes = 9}, "etag", "t");
  CHECK_FALSE(versioned());
  rendition_lost(c.db, c.id);
  c.make("two");
  CHECK(c.due().at(0).known);
  CHECK_FALSE(versioned());  // until the store has confirmed it
  object_confirmed(c.db, c.due().at(0), "etag2", "t");
  CHECK(versioned());
  rendition_lost(c.db, c.id);
  c.make("one");
  object_confirmed(c.db, c.due().at(0), "etag", "t");
  CHECK(versioned());
}

TEST_CASE("what was found under a key before our first put counts as other content") {
  one_file c;
  object_confirmed(c.db, c.due().at(0), "etag", "t", true);
  CHECK(made_renditions(c.db, {}, 10).at(0).versioned);
}

TEST_CASE(
    "an object that was lost comes back under a new address: caches may have kept its absence") {
  one_file c;
  object_confirmed(c.db, c.due().at(0), "etag", "t");
  auto const before = confirmed_objects(c.db, {}, 10);
  REQUIRE(before.size() == 1);
  CHECK(before[0].etag == "etag");
  CHECK(before[0].bytes == 9);
  CHECK(confirmed_objects(c.db, c.id, 10).empty());
  object_missing(c.db, c.id);
  CHECK(confirmed_objects(c.db, {}, 10).empty());
  object_confirmed(c.db, c.due().at(0), "etag", "t");
  CHECK(made_renditions(c.db, {}, 10).at(0).versioned);
}

TEST_CASE("what one store has confirmed is not believed of another") {
  one_file c;
  std::string const directory = "directory /data/public";
  std::string const bucket = "s3 https://example.org bucket ";
  CHECK(whose_ledger(c.db, directory) == ledger_of::nothing_yet);
  take_store(c.db, directory);
  object_confirmed(c.db, c.due().at(0), "etag", "t");
  CHECK(whose_ledger(c.db, directory) == ledger_of::this_store);
  CHECK(whose_ledger(c.db, bucket) == ledger_of::another_store);
  take_store(c.db, directory);
  CHECK(made_renditions(c.db, {}, 10).at(0).stored);
  take_store(c.db, bucket);
  CHECK(whose_ledger(c.db, bucket) == ledger_of::this_store);
  CHECK_FALSE(made_renditions(c.db, {}, 10).at(0).stored);
  auto const jobs = c.due();
  REQUIRE(jobs.size() == 1);
  CHECK_FALSE(jobs[0].known);
}

TEST_CASE("a ledger that does not say which store it is of is not believed") {
  one_file c;
  object_confirmed(c.db, c.due().at(0), "etag", "t");
  CHECK(whose_ledger(c.db, "directory /data/public") == ledger_of::another_store);
}

TEST_CASE("what may have been overwritten is not believed when the image comes back") {
  one_file c;
  object_confirmed(c.db, c.due().at(0), "first", "t");
  c.make("two");
  auto const put = c.due().at(0);
  CHECK(put.known);
  object_in_doubt(c.db, put);  // and nobody hears how the put ended
  c.make("one");
  CHECK(c.due().size() == 1);
  object_confirmed(c.db, put, "second", "t");
  CHECK(c.due().size() == 1);
  object_confirmed(c.db, c.due().at(0), "third", "t");
  CHECK(c.due().empty());
  CHECK(made_renditions(c.db, {}, 10).at(0).versioned);
}

TEST_CASE("an object that was put anew meanwhile is not taken for lost") {
  one_file c;
  object_confirmed(c.db, c.due().at(0), "first", "t");
  auto const asked = confirmed_objects(c.db, {}, 10);
  REQUIRE(asked.size() == 1);
  CHECK(is_still_confirmed(c.db, asked[0]));
  object_confirmed(c.db, {.id = c.id, .sha256 = "one", .bytes = 9}, "first", "later");
  CHECK_FALSE(is_still_confirmed(c.db, asked[0]));
}
