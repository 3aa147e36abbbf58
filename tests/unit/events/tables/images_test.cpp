// SPDX-License-Identifier: MIT
#include "events/tables/images.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

size_list const two_sizes{{"main", 500}, {"hd", 1500}};
artist_at_venue const dom{"liv", "dom-dolla"};

std::string image(std::string const& name) {
  return "https://img.example.org/" + name;
}

/// Dom Dolla at LIV, one event a date, with those images.
void bill(database& db, std::vector<std::pair<std::string, std::vector<std::string>>> const& dates,
          candidate_rule const& rule = same_url) {
  std::vector<event> events;
  for (auto const& [date, images] : dates) {
    events.push_back(test_event("liv", date, "Dom Dolla"));
    for (auto const& one : images) events.back().images.push_back(image(one));
  }
  replace_sightings(db, page_id(db, "/a"), {test_venue("liv", "LIV")}, events, test_today, "t");
  refer_images(db, dom, test_today, two_sizes, rule);
}

std::size_t any_number(std::string const&) {
  return 100;
}
std::size_t four(std::string const&) {
  return 4;
}

std::vector<image_job> due(database& db, std::int64_t now_ms = 0) {
  return due_images(db, now_ms, {}, any_number, {}, 100);
}
/// The names of images that are due, with the sizes they are wanted in.
std::string wanted(database& db, std::int64_t now_ms = 0) {
  std::string out;
  for (auto const& job : due(db, now_ms)) {
    out += job.url.substr(24);
    for (auto const& one : job.wanted) out += ':' + one.id.size;
    out += ' ';
  }
  return out;
}
image_job the_job(database& db) {
  auto const jobs = due(db);
  REQUIRE(jobs.size() == 1);
  return jobs.front();
}
void make(database& db, image_job const& job, std::string const& sha256 = "r") {
  std::vector<made_rendition> made;
  for (auto const& one : job.wanted) {
    made.push_back(
        {.id = one.id, .sha256 = sha256 + one.id.size, .width = 5, .height = 4, .bytes = 100});
  }
  image_made(db, job.id, {.sha256 = "s", .mime = "image/png", .width = 9, .height = 8, .bytes = 7},
             made);
}
std::vector<rendition_row> made(database& db) {
  return made_renditions(db, {}, 100);
}

}  // namespace

TEST_CASE("an image is wanted once for all its sizes, and made once") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"a.jpg"}}});
  auto const job = the_job(c.db);
  CHECK(job.url == image("a.jpg"));
  CHECK(job.host == "img.example.org");
  REQUIRE(job.wanted.size() == 2);
  CHECK_FALSE(job.wanted[0].ever_made);
  CHECK(job.wanted[0].id == rendition_id{"liv", "dom-dolla", "hd"});
  CHECK(made(c.db).empty());

  make(c.db, job);
  CHECK(due(c.db).empty());
  auto const rows = made(c.db);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].url == image("a.jpg"));
  CHECK(rows[0].sha256 == "rhd");
  CHECK(rows[0].width == 5);
  CHECK(rows[0].height == 4);
  CHECK(rows[0].bytes == 100);
  CHECK(rows[0].source_mime == "image/png");
  CHECK_FALSE(rows[0].stored);
  CHECK(made_renditions(c.db, rows[0].id, 100).size() == 1);
  CHECK(made_renditions(c.db, {}, 1).size() == 1);

  bill(c.db, {{"2027-06-12", {"a.jpg"}}});
  CHECK(due(c.db).empty());
}

TEST_CASE("the next event's image comes first, then later ones, then past ones") {
  memory_catalog c;
  bill(c.db, {{"2027-05-01", {"past.jpg"}},
              {"2027-07-01", {"later.jpg"}},
              {"2027-06-12", {"next.jpg", "next2.jpg"}}});
  for (char const* const expected :
       {"next.jpg:hd:main ", "next2.jpg:hd:main ", "later.jpg:hd:main ", "past.jpg:hd:main "}) {
    CHECK(wanted(c.db) == expected);
    auto const job = the_job(c.db);
    bool const last = job.url == image("past.jpg");
    CHECK(image_rejected(c.db, job, {.reason = "not_an_image", .evidence = "<html>"}) ==
          (last ? 2 : 0));
  }
  CHECK(due(c.db).empty());
  CHECK(c.db.number("SELECT count(*) FROM renditions WHERE state = 'failed'") == 2);
}

TEST_CASE("candidates may differ by size, and a size falls through alone") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"a.jpg"}}}, [](std::string const& url, std::uint32_t pixels) {
    return pixels > 1000 ? std::vector{url + "@big", url} : std::vector{url};
  });
  CHECK(wanted(c.db) == "a.jpg:main a.jpg@big:hd ");
  for (auto const& job : due(c.db)) {
    if (job.url == image("a.jpg@big"))
      CHECK(image_rejected(c.db, job, {.reason = "http_not_found"}) == 0);
  }
  CHECK(wanted(c.db) == "a.jpg:hd:main ");
}

TEST_CASE("a rejected image is not chosen again by another event") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"bad.jpg", "good.jpg"}}});
  image_rejected(c.db, the_job(c.db), {.reason = "not_an_image"});
  make(c.db, the_job(c.db));
  bill(c.db, {{"2027-06-12", {"bad.jpg", "good.jpg"}}, {"2027-06-13", {"bad.jpg"}}});
  CHECK(due(c.db).empty());
  CHECK(made(c.db).at(0).url == image("good.jpg"));
}

TEST_CASE("what is done is not fetched again while its first candidate stays") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"a.jpg", "b.jpg"}}});
  make(c.db, the_job(c.db));
  bill(c.db, {{"2027-06-12", {"a.jpg", "c.jpg"}}});
  CHECK(due(c.db).empty());
  CHECK(made(c.db).size() == 2);
  bill(c.db, {{"2027-06-12", {"c.jpg", "a.jpg"}}});
  CHECK(wanted(c.db) == "c.jpg:hd:main ");
  CHECK(the_job(c.db).wanted.at(0).ever_made);
  CHECK(made(c.db).empty());
}

TEST_CASE("an artist whose events have no image keeps the picture") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"a.jpg"}}});
  make(c.db, the_job(c.db));
  bill(c.db, {{"2027-06-12", {}}});
  CHECK(made(c.db).size() == 2);
  CHECK(due(c.db).empty());
}

TEST_CASE("no more than sixteen candidates are kept, each once") {
  memory_catalog c;
  std::vector<std::string> many{"0", "0"};
  for (int i = 1; i < 40; ++i) many.push_back(std::to_string(i));
  bill(c.db, {{"2027-06-12", many}});
  int tried = 0;
  for (; !due(c.db).empty(); ++tried) image_rejected(c.db, the_job(c.db), {.reason = "x"});
  CHECK(tried == 16);
}

TEST_CASE("a rendition that joins after the claim keeps its image waiting") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"a.jpg"}}});
  auto const claimed = the_job(c.db);
  auto other = test_event("liv", "2027-06-12", "Support");
  other.images = {image("a.jpg")};
  replace_sightings(c.db, page_id(c.db, "/b"), {test_venue("liv", "LIV")}, {other}, test_today,
                    "t");
  refer_images(c.db, {"liv", "support"}, test_today, two_sizes, same_url);
  make(c.db, claimed);
  auto const rest = the_job(c.db);
  REQUIRE(rest.wanted.size() == 2);
  CHECK(rest.wanted[0].id.artist_slug == "support");
  make(c.db, rest);
  CHECK(due(c.db).empty());
  CHECK(made(c.db).size() == 4);
}

TEST_CASE("a rendition that turned to another image meanwhile is not filled with the old one") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"old.jpg"}}});
  auto const claimed = the_job(c.db);
  bill(c.db, {{"2027-06-12", {"new.jpg"}}});
  make(c.db, claimed, "old");
  CHECK(made(c.db).empty());
  CHECK(wanted(c.db) == "new.jpg:hd:main ");
}

TEST_CASE("a lost file wants its image again, alone") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"a.jpg"}}});
  make(c.db, the_job(c.db));
  rendition_lost(c.db, {"liv", "dom-dolla", "hd"});
  CHECK(wanted(c.db) == "a.jpg:hd ");
  CHECK(made(c.db).size() == 1);
  rendition_lost(c.db, {"liv", "nobody", "hd"});
  CHECK(wanted(c.db) == "a.jpg:hd ");
}

TEST_CASE("force wants everything again, rejected images too, at the venues named") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"bad.jpg", "good.jpg"}}});
  image_rejected(c.db, the_job(c.db), {.reason = "not_an_image"});
  make(c.db, the_job(c.db));
  force_images(c.db, {"story"});
  CHECK(due(c.db).empty());
  force_images(c.db, {"liv"});
  CHECK(wanted(c.db) == "bad.jpg:hd:main ");
  image_rejected(c.db, the_job(c.db), {.reason = "not_an_image"});
  CHECK(wanted(c.db) == "good.jpg:hd:main ");
  image_rejected(c.db, the_job(c.db), {.reason = "not_an_image"});
  CHECK(due(c.db).empty());
  force_images(c.db, {});
  CHECK(wanted(c.db) == "bad.jpg:hd:main ");
}

TEST_CASE("an image waits for its time, and a parked one for the next run") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"a.jpg"}}});
  auto const job = the_job(c.db);
  image_postponed(c.db, job, 3, 5000, "corrupt");
  CHECK(due(c.db, 4999).empty());
  REQUIRE(due(c.db, 5000).size() == 1);
  CHECK(due(c.db, 5000)[0].attempts == 3);
  CHECK(due(c.db, 5000)[0].corrupt_sha256 == "corrupt");
  image_parked(c.db, job, "http_server_error");
  CHECK(due(c.db, 1'000'000).empty());
  revive_parked_images(c.db);
  CHECK(the_job(c.db).attempts == 0);
  CHECK(wanted(c.db) == "a.jpg:hd:main ");
  make(c.db, the_job(c.db));
  revive_parked_images(c.db);
  CHECK(due(c.db).empty());
}

TEST_CASE("claims leave out active images and full hosts, and share among hosts") {
  memory_catalog c;
  std::vector<event> events;
  for (int i = 0; i < 12; ++i) {
    events.push_back(test_event("liv", "2027-06-12", "Artist " + std::to_string(i)));
    events.back().images = {"https://" + std::string(i < 10 ? "a" : "b") + ".example.org/" +
                            std::to_string(i)};
  }
  for (auto const& who : replace_sightings(c.db, page_id(c.db, "/a"), {test_venue("liv", "LIV")},
                                           events, test_today, "t")) {
    refer_images(c.db, who, test_today, {{"main", 500}}, same_url);
  }
  auto const first = due_images(c.db, 0, {}, four, {}, 100);
  std::set<std::string> hosts;
  std::set<std::int64_t> active;
  for (auto const& job : first) {
    hosts.insert(job.host);
    active.insert(job.id);
  }
  CHECK(hosts == std::set<std::string>{"a.example.org", "b.example.org"});
  CHECK(first.size() == 6);  // four of one host, and the two of the other
  CHECK(due_images(c.db, 0, {}, four, {}, 3).size() == 3);
  for (auto const& job : due_images(c.db, 0, active, four, {}, 100))
    CHECK(active.insert(job.id).second);
  for (auto const& job : due_images(c.db, 0, active, four, {}, 100))
    CHECK(active.insert(job.id).second);
  CHECK(active.size() == 12);
  auto const only_b = [](std::string const& host) -> std::size_t {
    return host == "b.example.org" ? 100 : 0;
  };
  CHECK(due_images(c.db, 0, {}, only_b, {}, 100).size() == 2);
  // In turn: behind the host that was served last.
  CHECK(due_images(c.db, 0, {}, four, "a.example.org", 1).at(0).host == "b.example.org");
  CHECK(due_images(c.db, 0, {}, four, "b.example.org", 1).at(0).host == "a.example.org");
  CHECK(due_images(c.db, 0, {}, any_number, "b.example.org", 100).size() == 12);
}

TEST_CASE("other sizes than before: gone ones are let go, new and changed ones are made") {
  memory_catalog c;
  take_sizes(c.db, test_today, two_sizes, same_url);
  bill(c.db, {{"2027-06-12", {"/a"}}});
  for (auto const& job : due(c.db)) {
    std::vector<made_rendition> made;
    for (auto const& one : job.wanted) made.push_back({.id = one.id, .sha256 = "s", .bytes = 1});
    image_made(c.db, job.id, {}, made);
  }
  take_sizes(c.db, test_today, two_sizes, same_url);
  CHECK(due(c.db).empty());
  take_sizes(c.db, test_today, {{"main", 600}, {"tiny", 50}}, same_url);
  std::set<std::string> sizes;
  for (auto const& job : due(c.db)) {
    for (auto const& one : job.wanted) sizes.insert(one.id.size);
  }
  CHECK(sizes == std::set<std::string>{"main", "tiny"});
  CHECK(c.db.number("SELECT count(*) FROM renditions") == 2);
}

TEST_CASE("a rejected image leaves alone what was made of it before") {
  memory_catalog c;
  bill(c.db, {{"2027-06-12", {"/a"}}});
  auto const job = due(c.db).at(0);
  image_made(c.db, job.id, {}, {{.id = job.wanted.at(0).id, .sha256 = "s", .bytes = 1}});
  CHECK(image_rejected(c.db, job, {.reason = "not_an_image"}) == 1);
  CHECK(c.db.number("SELECT count(*) FROM renditions WHERE state = 'done'") == 1);
}
