// SPDX-License-Identifier: MIT
#include "events/tables/pages.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

constexpr auto sitemap = "https://example.org/sitemap.xml";

bool newer(std::string const& listed, std::string const& read) {
  return listed > read;
}

using page_map = std::map<std::string, std::string>;  // path → lastmod

listing_outcome list(database& db, page_map const& pages,
                     std::vector<std::string> const& tags = {"liv"}, bool full = false) {
  page_listing listing{
      .site = sitemap, .sitemap = sitemap, .pages = {}, .venue_tags = tags, .full = full};
  for (auto const& [path, lastmod] : pages) {
    listing.pages.push_back({"https://example.org" + path, "example.org", lastmod});
  }
  return list_pages(db, listing, newer);
}
std::vector<page_job> due(database& db, std::int64_t now_ms = 1000) {
  return due_pages(db, {{sitemap, 100}}, now_ms, {}, 100);
}
std::string paths_due(database& db, std::int64_t now_ms = 1000) {
  std::string out;
  for (auto const& job : due(db, now_ms)) out += job.url.substr(19) + ' ';
  return out;
}
void read_all(database& db, std::vector<std::string> const& tags = {"liv"}) {
  for (auto const& job : due(db)) {
    page_read(db, job, {.etag = "\"e\"", .last_modified = "m", .sha256 = "s", .venue_tags = tags});
  }
}

}  // namespace

TEST_CASE("new and changed pages are due, unchanged ones are not") {
  memory_catalog c;
  auto out = list(c.db, {{"/a", "2027-06-01"}, {"/b", "2027-06-01"}});
  CHECK(out.due == 2);
  CHECK(out.unchanged == 0);
  CHECK(paths_due(c.db) == "/a /b ");
  read_all(c.db);
  CHECK(paths_due(c.db).empty());

  out = list(c.db, {{"/a", "2027-06-01"}, {"/b", "2027-06-02"}, {"/c", "2027-06-01"}});
  CHECK(out.due == 2);
  CHECK(out.unchanged == 1);
  CHECK(paths_due(c.db) == "/b /c ");
  // What was read last is asked for conditionally, what is new is not.
  auto const jobs = due(c.db);
  CHECK(jobs[0].etag == "\"e\"");
  CHECK(jobs[0].last_modified == "m");
  CHECK(jobs[0].sha256 == "s");
  CHECK(jobs[0].lastmod == "2027-06-02");
  CHECK(jobs[1].etag.empty());
}

TEST_CASE("a lastmod that goes back is no change") {
  memory_catalog c;
  list(c.db, {{"/a", "2027-06-02"}});
  read_all(c.db);
  CHECK(list(c.db, {{"/a", "2027-06-01"}}).unchanged == 1);
}

TEST_CASE("a page without lastmod is always due, with its validators") {
  memory_catalog c;
  list(c.db, {{"/a", ""}});
  read_all(c.db);
  CHECK(list(c.db, {{"/a", ""}}).due == 1);
  CHECK(due(c.db).at(0).etag == "\"e\"");
}

TEST_CASE("a full listing makes everything due, without validators") {
  memory_catalog c;
  list(c.db, {{"/a", "2027-06-01"}});
  read_all(c.db);
  CHECK(list(c.db, {{"/a", "2027-06-01"}}, {"liv"}, true).due == 1);
  auto const job = due(c.db).at(0);
  CHECK(job.etag.empty());
  CHECK(job.last_modified.empty());
  CHECK(job.sha256.empty());
}

TEST_CASE("a page that was read for one venue is due for another") {
  memory_catalog c;
  list(c.db, {{"/a", "2027-06-01"}}, {"liv"});
  read_all(c.db, {"liv"});
  CHECK(list(c.db, {{"/a", "2027-06-01"}}, {"liv", "story"}).due == 1);
  // It must be read again, not answered with 304.
  CHECK(due(c.db).at(0).etag.empty());
  read_all(c.db, {"liv", "story"});
  CHECK(list(c.db, {{"/a", "2027-06-01"}}, {"liv", "story"}).unchanged == 1);
  CHECK(list(c.db, {{"/a", "2027-06-01"}}, {"story"}).unchanged == 1);
  CHECK(list(c.db, {{"/a", "2027-06-01"}}, {"third"}).due == 1);
}

TEST_CASE("a change that was read for one venue only is still due for the other") {
  memory_catalog c;
  list(c.db, {{"/a", "2027-06-01"}}, {"liv", "story"});
  read_all(c.db, {"liv", "story"});
  list(c.db, {{"/a", "2027-06-02"}}, {"liv"});
  read_all(c.db, {"liv"});
  CHECK(list(c.db, {{"/a", "2027-06-02"}}, {"liv"}).unchanged == 1);
  CHECK(list(c.db, {{"/a", "2027-06-02"}}, {"story"}).due == 1);
}

TEST_CASE("a page that failed stays due in the next run") {
  memory_catalog c;
  list(c.db, {{"/a", "2027-06-01"}});
  page_failed(c.db, due(c.db).at(0));
  CHECK(paths_due(c.db).empty());
  CHECK(list(c.db, {{"/a", "2027-06-01"}}).due == 1);
  CHECK(paths_due(c.db) == "/a ");

  SECTION("also when it was read before") {
    read_all(c.db);
    list(c.db, {{"/a", "2027-06-02"}});
    page_failed(c.db, due(c.db).at(0));
    CHECK(list(c.db, {{"/a", "2027-06-02"}}).due == 1);
  }
}

TEST_CASE("a postponed page waits for its time and keeps its attempts") {
  memory_catalog c;
  list(c.db, {{"/a", "2027-06-01"}});
  page_postponed(c.db, due(c.db).at(0), 2, 5000);
  CHECK(paths_due(c.db, 4999).empty());
  REQUIRE(due(c.db, 5000).size() == 1);
  CHECK(due(c.db, 5000).at(0).attempts == 2);
  // The next run begins anew.
  list(c.db, {{"/a", "2027-06-01"}});
  CHECK(due(c.db, 0).at(0).attempts == 0);
}

TEST_CASE("work that a crash cut off is still due") {
  memory_catalog c;
  list(c.db, {{"/a", "2027-06-01"}, {"/b", "2027-06-01"}});
  page_read(c.db, due(c.db).at(0),
            {.etag = {}, .last_modified = {}, .sha256 = {}, .venue_tags = {"liv"}});
  CHECK(list(c.db, {{"/a", "2027-06-01"}, {"/b", "2027-06-01"}}).due == 1);
  CHECK(paths_due(c.db) == "/b ");
}

TEST_CASE("claims leave out what is active, and share among sites") {
  memory_catalog c;
  for (std::string const site : {"one", "two"}) {
    page_listing listing{.site = site, .sitemap = site, .pages = {}, .venue_tags = {"liv"}};
    for (int i = 0; i < 10; ++i) {
      listing.pages.push_back({"https://" + site + "/" + std::to_string(i), site, ""});
    }
    list_pages(c.db, listing, newer);
  }
  std::set<std::int64_t> active;
  std::map<std::string, int> claimed;
  for (auto const& job : due_pages(c.db, {{"one", 100}, {"two", 100}}, 0, active, 4)) {
    active.insert(job.id);
    ++claimed[job.site];
  }
  CHECK(active.size() == 4);
  CHECK(claimed["two"] >= 1);
  std::size_t rounds = 0;
  for (; rounds < 50; ++rounds) {
    auto const more = due_pages(c.db, {{"one", 100}, {"two", 100}}, 0, active, 4);
    if (more.empty()) break;
    CHECK(more.size() <= 4);
    for (auto const& job : more) CHECK(active.insert(job.id).second);
  }
  CHECK(active.size() == 20);
  CHECK(due_pages(c.db, {}, 0, {}, 4).empty());
  CHECK(due_pages(c.db, {{"one", 7}}, 0, {}, 100).size() == 7);
}

TEST_CASE("one page of two sites is a page of each") {
  memory_catalog c;
  for (std::string const site : {"one", "two"}) {
    list_pages(c.db,
               {.site = site,
                .sitemap = site,
                .pages = {{"https://example.org/a", "example.org", "1"}},
                .venue_tags = {"liv"}},
               newer);
  }
  CHECK(due_pages(c.db, {{"one", 100}, {"two", 100}}, 0, {}, 10).size() == 2);
}

TEST_CASE("a sitemap's list and validators are remembered") {
  memory_catalog c;
  list(c.db, {{"/a", "2027-06-01"}, {"/b", ""}});
  auto const listed = pages_listed_by(c.db, sitemap, sitemap);
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].url == "https://example.org/a");
  CHECK(listed[0].host == "example.org");
  CHECK(listed[0].lastmod == "2027-06-01");
  CHECK(pages_listed_by(c.db, sitemap, "another").empty());

  CHECK_FALSE(known_sitemap(c.db, sitemap, sitemap));
  sitemap_read(c.db, sitemap, sitemap, {.etag = "1", .last_modified = "m", .children = {"x", "y"}});
  sitemap_read(c.db, sitemap, sitemap, {.etag = "2", .last_modified = "n", .children = {"z"}});
  auto const note = known_sitemap(c.db, sitemap, sitemap);
  REQUIRE(note);
  CHECK(note->etag == "2");
  CHECK(note->last_modified == "n");
  CHECK(note->children == std::vector<std::string>{"z"});
}
