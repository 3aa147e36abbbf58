// SPDX-License-Identifier: MIT
#include "specimens/tables/specimen_list.hpp"

#include <catch2/catch.hpp>

#include "specimens/tables/specimen_work.hpp"
#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

/// Here the key is what stands before the first '?'.
std::string_view key_of(std::string_view url) {
  return url.substr(0, url.find('?'));
}

struct listed {
  std::int64_t gbif_id;
  std::string urls;
};

specimen_batch batch_of(std::vector<listed> const& images, std::int64_t last = 0) {
  specimen_batch out;
  out.hosts = {"a.org", "b.org"};
  for (auto const& one : images) {
    out.images.push_back({.gbif_id = one.gbif_id,
                          .host = one.urls.starts_with("b/") ? 1U : 0U,
                          .from = static_cast<std::uint32_t>(out.text.size()),
                          .size = static_cast<std::uint32_t>(one.urls.size())});
    out.text += one.urls;
    out.last_gbif_id = one.gbif_id;
  }
  if (last > 0) out.last_gbif_id = last;
  return out;
}

/// "gbifID-ordinal state urls" of every image.
std::vector<std::string> rows_of(database& db) {
  std::vector<std::string> out;
  db.query("SELECT id, state, urls FROM specimen_images ORDER BY id", [&](SQLite::Statement& row) {
    auto const id = specimen_image_id::from(row.getColumn(0).getInt64());
    out.push_back(std::to_string(id.gbif_id) + '-' + std::to_string(id.image_no) + ' ' +
                  row.getColumn(1).getString() + ' ' + row.getColumn(2).getString());
  });
  return out;
}

/// Counted from the rows: the roll-ups must say the same.
void check_totals(database& db) {
  recount_state state;
  while (recount(db, state, 2)) {
  }
  CHECK_FALSE(write_recount(db, state));
}

void set_state(database& db, std::int64_t gbif_id, specimen_state state) {
  auto const id = specimen_image_id{gbif_id, 0}.number();
  db.execute("UPDATE specimen_images SET state = ? WHERE id = ?", static_cast<int>(state), id);
  recount_state counted;
  while (recount(db, counted, 100)) {
  }
  static_cast<void>(write_recount(db, counted));
}

}  // namespace

TEST_CASE("a first list: every image is pending, and counted") {
  memory_catalog catalog;
  auto& db = catalog.db;
  auto const sum =
      merge_list(db, batch_of({{1, "a/1"}, {2, "a/2"}, {2, "b/2"}, {9, "a/9"}}), 0, key_of);
  CHECK(sum.added == 4);
  CHECK(sum.images == 4);
  CHECK(sum.specimens == 3);
  CHECK(rows_of(db) ==
        std::vector<std::string>{"1-0 0 a/1", "2-0 0 a/2", "2-1 0 b/2", "9-0 0 a/9"});
  auto const totals = read_specimen_totals(db);
  CHECK(totals.of(specimen_state::pending) == 4);
  CHECK(totals.of(specimen_status::pending) == 3);
  CHECK(db.number("SELECT pending FROM specimen_hosts WHERE name = 'b.org'") == 1);
  check_totals(db);
}

TEST_CASE("a newer list adds, changes and retires, and loses no state") {
  memory_catalog catalog;
  auto& db = catalog.db;
  static_cast<void>(merge_list(
      db, batch_of({{1, "a/1"}, {2, "a/2"}, {3, "a/3"}, {4, "a/4"}, {5, "a/5"}, {6, "a/6"}}), 0,
      key_of));
  set_state(db, 1, specimen_state::success);
  set_state(db, 2, specimen_state::success);
  set_state(db, 3, specimen_state::failed_permanent);
  set_state(db, 4, specimen_state::exhausted);
  db.execute(
      "INSERT INTO specimen_failures (id, reason, http_status, detail, corrupt_sha256, attempts, "
      "due_at, at) VALUES (?, 'http_404', 404, '', '', 1, 0, 0)",
      specimen_image_id{3, 0}.number());

  // 1 as before, 2 by another address, 3 has another address now, 4 as before, 5 is gone.
  auto const newer =
      batch_of({{1, "a/1"}, {2, "b/2"}, {3, "a/3?new"}, {4, "a/4"}, {6, "b/6"}, {6, "a/6"}});
  auto const sum = merge_list(db, newer, 0, key_of);
  CHECK(sum.added == 2);
  CHECK(sum.changed == 1);
  CHECK(sum.retired == 2);
  CHECK(rows_of(db) == std::vector<std::string>{"1-0 1 a/1", "2-0 9 a/2", "2-1 0 b/2",
                                                "3-0 0 a/3?new", "4-0 4 a/4", "5-0 8 a/5",
                                                "6-0 0 a/6", "6-1 0 b/6"});
  CHECK(db.number("SELECT count(*) FROM specimen_failures") == 0);
  check_totals(db);

  SECTION("the same list again changes nothing") {
    auto const before = rows_of(db);
    auto const again = merge_list(db, newer, 0, key_of);
    CHECK(again.added + again.changed + again.retired + again.returned == 0);
    CHECK(rows_of(db) == before);
    check_totals(db);
  }
  SECTION("what comes back has the state that it had") {
    auto const back = merge_list(db, batch_of({{2, "a/2"}}), 1, key_of);
    CHECK(back.returned == 1);
    CHECK(back.retired == 1);
    CHECK(rows_of(db)[1] == "2-0 1 a/2");
    check_totals(db);
  }
  SECTION("what lies behind the end of a list is retired") {
    std::int64_t gone = 0;
    retired_rest rest{.last_gbif_id = 3};
    do {
      rest = retire_rest(db, rest.last_gbif_id, 1);
      gone += rest.images;
    } while (rest.more);
    CHECK(gone == 3);
    CHECK(rows_of(db)[4] == "4-0 12 a/4");
    check_totals(db);
    CHECK(read_specimen_totals(db).all_specimens() == 3);
  }
  SECTION("all can be forgotten, a piece at a time") {
    begin_forgetting(db);
    while (forget_specimens(db, 3)) {
    }
    CHECK(rows_of(db).empty());
    CHECK(read_specimen_totals(db).all_images() == 0);
    check_totals(db);
  }
}

TEST_CASE("what other rules had made one image is none of those that it was made of") {
  memory_catalog catalog;
  auto& db = catalog.db;
  auto const joined = batch_of({{1, "a/1?o\na/1?t"}, {2, "a/2?o\na/2?t"}});
  auto const apart = batch_of({{1, "a/1?o"}, {1, "a/1?t"}, {2, "a/2?o"}, {2, "a/2?t"}});
  auto const whole = [](std::string_view url) { return url; };
  static_cast<void>(merge_list(db, joined, 0, key_of));
  set_state(db, 1, specimen_state::success);
  static_cast<void>(merge_list(db, apart, 0, whole));
  // Nobody knows whose the file of 1 is; 2 has none.
  CHECK(rows_of(db) == std::vector<std::string>{"1-0 9 a/1?o\na/1?t", "1-1 0 a/1?o", "1-2 0 a/1?t",
                                                "2-0 0 a/2?o", "2-1 0 a/2?t"});
  check_totals(db);
  static_cast<void>(merge_list(db, joined, 0, key_of));
  CHECK(rows_of(db) == std::vector<std::string>{"1-0 1 a/1?o\na/1?t", "1-1 8 a/1?o", "1-2 8 a/1?t",
                                                "2-0 0 a/2?o\na/2?t", "2-1 8 a/2?t"});
  check_totals(db);
}

TEST_CASE("counts that went wrong are put right") {
  memory_catalog catalog;
  auto& db = catalog.db;
  static_cast<void>(merge_list(db, batch_of({{1, "a/1"}, {2, "b/2"}}), 0, key_of));
  db.execute("UPDATE specimen_totals SET n = 77");
  db.execute("UPDATE specimen_hosts SET success = 5");
  recount_state state;
  while (recount(db, state, 1)) {
  }
  CHECK(write_recount(db, state));
  CHECK(read_specimen_totals(db).of(specimen_state::pending) == 2);
  CHECK(db.number("SELECT sum(success) FROM specimen_hosts") == 0);
  check_totals(db);
}

TEST_CASE("what a specimen's images add up to") {
  using s = specimen_state;
  auto const status = [](std::vector<s> const& states) {
    specimen_tally tally;
    for (auto const one : states) tally.add(one);
    return tally.status();
  };
  CHECK(status({}) == specimen_status::none);
  CHECK(status({s::pending, s::pending}) == specimen_status::pending);
  CHECK(status({s::success, s::pending}) == specimen_status::partial);
  CHECK(status({s::failed_transient}) == specimen_status::partial);
  CHECK(status({s::failed_permanent, s::failed_transient}) == specimen_status::partial);
  CHECK(status({s::success, s::success}) == specimen_status::done);
  CHECK(status({s::success, s::exhausted}) == specimen_status::failed);
  CHECK(status({s::failed_permanent}) == specimen_status::failed);
}

TEST_CASE("where a specimen's image lives") {
  CHECK(specimen_image_id{1245780001, 0}.key("jpg") == "specimens/124/578/1245780001-00.jpg");
  CHECK(specimen_image_id{1245780001, 100}.key("dng") == "specimens/124/578/1245780001-100.dng");
  CHECK(specimen_image_id{12345, 7}.key("jpg") == "specimens/123/000/12345-07.jpg");
  CHECK(specimen_image_id{7, 7}.key("jpg") == "specimens/7/000/7-07.jpg");
  auto const id = specimen_image_id{largest_gbif_id, most_specimen_images - 1};
  CHECK(specimen_image_id::from(id.number()) == id);
}

TEST_CASE("what is due again is read on from where the last look ended") {
  memory_catalog catalog;
  auto& db = catalog.db;
  static_cast<void>(merge_list(
      db, batch_of({{1, "a/1"}, {2, "a/2"}, {3, "a/3"}, {4, "b/4"}, {5, "b/5"}}), 0, key_of));
  for (std::int64_t id = 1; id <= 4; ++id) {
    specimen_job job;
    job.id = {id, 0};
    specimen_failed(db, job, specimen_state::failed_transient,
                    {.reason = "timeout",
                     .http_status = 0,
                     .detail = {},
                     .corrupt_sha256 = {},
                     .attempts = 1,
                     .due_ms = id == 4 ? 9'000 : 100},
                    50);
  }
  auto const ids = [](std::vector<specimen_job> const& jobs) {
    std::vector<std::int64_t> out;
    for (auto const& one : jobs) out.push_back(one.id.gbif_id);
    return out;
  };
  auto const first = due_again(db, 1'000, {}, 2);
  CHECK(ids(first) == std::vector<std::int64_t>{1, 2});
  auto const& last = first.back();
  CHECK(ids(due_again(db, 1'000, {last.due_ms, last.id.number()}, 2)) ==
        std::vector<std::int64_t>{3});
  CHECK(ids(due_again(db, 9'000, {last.due_ms, last.id.number()}, 9)) ==
        std::vector<std::int64_t>{3, 4});
  auto const outlook = outlook_of(db, 1'000);
  CHECK(outlook.pending == 1);
  CHECK(outlook.waiting == 4);
  CHECK(outlook.next_due_ms == 100);
  CHECK(outlook.later_due_ms == 9'000);
}
