// SPDX-License-Identifier: MIT
#include "catalog/host_refusals.hpp"
#include "events/tables/image_refusals.hpp"
#include "specimens/tables/specimen_refusals.hpp"

#include <catch2/catch.hpp>

#include "specimens/tables/specimen_work.hpp"
#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

constexpr std::int64_t refused_at = 1'000'000;

/// One rendition, with candidates on two hosts; each has been refused.
struct refused_pictures {
  memory_catalog catalog;
  database& db = catalog.db;
  refused_pictures() {
    auto billed = test_event("liv", "2027-06-12", "Dom Dolla");
    billed.images = {"http://a.example/1.jpg", "http://www.b.example/2.jpg"};
    replace_sightings(db, page_id(db, "/a"), {test_venue("liv", "LIV")}, {billed}, test_today, "t");
    refer_images(db, {"liv", "dom-dolla"}, test_today, {{"main", 500}}, same_url);
    refuse({.reason = "http_forbidden", .at_ms = refused_at, .revisit_ms = 5'000});
    refuse({.reason = "body_too_large", .at_ms = refused_at + 1, .hangs_on = 77});
  }
  image_job next() {
    auto const any = [](std::string const&) -> std::size_t { return 9; };
    auto const jobs = due_images(db, 0, {}, any, {}, 9);
    REQUIRE(jobs.size() == 1);
    return jobs.front();
  }
  void refuse(image_refusal const& why) { image_rejected(db, next(), why); }
  void open(std::vector<refused_image> const& which) {
    std::vector<std::int64_t> ids;
    for (auto const& one : which) ids.push_back(one.id);
    reopen_pictures(db, ids, true);
  }
};

struct refused_specimens {
  memory_catalog catalog;
  database& db = catalog.db;
  std::int64_t host;

  explicit refused_specimens(int count = 5)
      : host((db.execute("INSERT INTO specimen_hosts (name) VALUES ('h.example')"), 1)) {
    specimen_change change;
    for (int i = 1; i <= count; ++i) {
      db.execute("INSERT INTO specimen_images (id, host, state, urls) VALUES (?, ?, 0, 'u')",
                 number(i), host);
      change.image(host, specimen_state::pending, 1);
    }
    change.write_to(db);
  }
  static std::int64_t number(int gbif_id) { return specimen_image_id{gbif_id, 0}.number(); }
  void fail(int gbif_id, specimen_failure const& why,
            specimen_state state = specimen_state::failed_permanent) {
    specimen_failed(db, {.id = specimen_image_id{gbif_id, 0}, .host = host}, state, why,
                    refused_at);
  }
  std::int64_t pending() {
    return db.number("SELECT pending FROM specimen_hosts WHERE id = ?", host);
  }
  std::int64_t in_state(int state) {
    return db.number("SELECT count(*) FROM specimen_images WHERE state = ?", state);
  }
};

}  // namespace

TEST_CASE("a picture that a host refused is asked for when its time has come") {
  refused_pictures c;
  CHECK(count_missing_pictures(c.db).count == 1);
  CHECK(count_missing_pictures(c.db).next_ms == 5'000);
  CHECK(pictures_to_revisit(c.db, 4'999).empty());
  auto const due = pictures_to_revisit(c.db, 5'000);
  REQUIRE(due.size() == 1);
  CHECK(due[0].host == "a.example");
  c.open(due);
  CHECK(c.next().url == "http://a.example/1.jpg");
  CHECK(count_missing_pictures(c.db).count == 0);
  // Refused again: nothing is due until it is said when.
  c.refuse({.reason = "http_forbidden", .at_ms = 6'000, .revisit_ms = 9'000});
  CHECK(pictures_to_revisit(c.db, 8'000).empty());
  CHECK(c.db.number("SELECT visits FROM images WHERE host = 'a.example'") == 1);
}

TEST_CASE("an operator who releases a host means what it had refused") {
  refused_pictures c;
  CHECK(pictures_to_revisit(c.db, 0).empty());
  c.db.execute(
      "INSERT INTO hosts (host, cooldown_until, breaker_until, failures, released_at) VALUES "
      "('a.example', '', '', 0, '1970-01-01T00:20:00.000Z')");
  CHECK(pictures_to_revisit(c.db, 0).size() == 1);
}

TEST_CASE("what a setting refused is known by it") {
  refused_pictures c;
  auto const held = pictures_held_by_settings(c.db);
  REQUIRE(held.size() == 1);
  CHECK(held[0].hangs_on == 77);
  CHECK(held[0].host == "www.b.example");
  c.open(held);
  CHECK(c.next().url == "http://www.b.example/2.jpg");
  CHECK(pictures_held_by_settings(c.db).empty());
}

TEST_CASE("pictures that the operator means are counted, then opened") {
  refused_pictures c;
  using counts = std::map<std::string, std::int64_t>;
  counts const both{{"http_forbidden", 1}, {"body_too_large", 1}};
  CHECK(retry_pictures(c.db, {}, false) == both);
  CHECK(retry_pictures(c.db, {.host = "b.example"}, false) == counts{{"body_too_large", 1}});
  CHECK(retry_pictures(c.db, {.reason = "http_gone"}, false).empty());
  CHECK(retry_pictures(c.db, {.since_ms = refused_at + 1}, false) == counts{{"body_too_large", 1}});
  CHECK(refused_by_host(c.db) == counts{{"a.example", 1}, {"b.example", 1}});
  CHECK(retry_pictures(c.db, {}, true) == both);
  CHECK(retry_pictures(c.db, {}, false).empty());
  CHECK(c.next().url == "http://a.example/1.jpg");
}

TEST_CASE("a clock that was ahead costs nothing afterwards") {
  refused_pictures c;
  c.db.execute("UPDATE images SET revisit_at = 999999999 WHERE host = 'a.example'");
  clamp_image_times(c.db, 10'000, 20'000);
  CHECK(pictures_to_revisit(c.db, 20'000).size() == 1);

  refused_specimens s;
  s.fail(1, {.reason = "http_404", .revisit_ms = 999'999'999});
  s.fail(2, {.reason = "http_500", .due_ms = 999'999'999}, specimen_state::failed_transient);
  s.fail(3, {.reason = "http_404", .revisit_ms = 15'000});
  CHECK(clamp_specimen_times(s.db, 10'000, 20'000, 100) == 2);
  CHECK(clamp_specimen_times(s.db, 10'000, 20'000, 100) == 0);
  CHECK(due_again(s.db, 10'000, {0, 0}, 9).size() == 1);
  CHECK(revisit(s.db, s.host, 10'000, 0, 9) == 1);
}

TEST_CASE("so many of a host's specimens are asked for again, those first that are due longest") {
  refused_specimens s;
  for (int i = 1; i <= 4; ++i) s.fail(i, {.reason = "http_403", .revisit_ms = 100 * (5 - i)});
  CHECK(hosts_to_revisit(s.db, 99, 0, 9).empty());
  CHECK(hosts_to_revisit(s.db, 100, 0, 9) == std::vector{s.host});
  CHECK(hosts_to_revisit(s.db, 100, s.host, 9).empty());
  CHECK(revisit(s.db, s.host, 300, 2, 2) == 2);
  auto const jobs = due_again(s.db, 300, {0, 0}, 9);
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].id.gbif_id == 3);
  CHECK(jobs[1].id.gbif_id == 4);
  CHECK(jobs[0].attempts == 2);
  CHECK(jobs[0].visits == 1);
  CHECK(revisit(s.db, s.host, 300, 2, 9) == 1);
  CHECK(revisit(s.db, s.host, 300, 2, 9) == 0);
}

TEST_CASE("specimens that a setting refused are open as if nobody had asked for them") {
  refused_specimens s;
  s.fail(1, {.reason = "image_too_large", .hangs_on = 5});
  s.fail(2, {.reason = "not_an_image"});
  auto const held = images_held_by_settings(s.db, 0, 9);
  REQUIRE(held.found.size() == 1);
  CHECK(held.found[0].host == "h.example");
  CHECK(held.last == s.number(2));
  CHECK(images_held_by_settings(s.db, held.last, 9).last == 0);
  std::vector const ids{held.found[0].id};
  CHECK(open_again(s.db, ids) == 1);
  CHECK(open_again(s.db, ids) == 0);
  CHECK(s.pending() == 4);
  CHECK(s.db.number("SELECT count(*) FROM specimen_failures") == 1);
}

TEST_CASE("the operator's retry goes on from where it was") {
  refused_specimens s;
  for (int i = 1; i <= 5; ++i) s.fail(i, {.reason = i % 2 != 0 ? "http_403" : "http_404"});
  std::int64_t seen = 0;
  std::int64_t after = 0;
  do {
    auto const step = retry_refusals(s.db, {.reason = "http_403"}, after, 2, true);
    for (auto const& [reason, count] : step.by_reason) seen += count;
    after = step.last;
  } while (after != 0);
  CHECK(seen == 3);
  CHECK(s.pending() == 3);
  CHECK(retry_refusals(s.db, {.host = "nobody.example"}, 0, 9, true).by_reason.empty());
  CHECK(retry_refusals(s.db, {.since_ms = refused_at + 1}, 0, 9, true).by_reason.empty());
  CHECK(retry_refusals(s.db, {.host = "h.example"}, 0, 9, false).by_reason ==
        std::map<std::string, std::int64_t>{{"http_404", 2}});
  CHECK(s.in_state(3) == 2);
}

TEST_CASE("refusals of an older catalog get one visit, but for what the image itself is") {
  refused_specimens s;
  s.fail(1, {.reason = "http_404"});
  s.fail(2, {.reason = "not_an_image", .detail = "[text/html] <html>"});
  s.fail(3, {.reason = "not_an_image", .detail = "[image/gif]"});
  s.fail(4, {.reason = "image_corrupt_again"});
  s.fail(5, {.reason = "timeout"}, specimen_state::exhausted);
  s.db.execute("UPDATE specimen_failures SET host = 0, revisit_at = 0");  // as they were written
  auto const half = settle_refusals(s.db, 0, 3);
  CHECK(half == s.number(3));
  CHECK(settle_refusals(s.db, half, 3) == s.number(5));
  CHECK(settle_refusals(s.db, s.number(5), 3) == 0);
  constexpr std::int64_t a_day = 24 * 3600 * 1000;
  CHECK(revisit(s.db, s.host, refused_at + a_day - 1, 0, 9) == 0);
  CHECK(revisit(s.db, s.host, refused_at + a_day, 0, 9) == 3);
  CHECK(s.in_state(2) == 3);
}
