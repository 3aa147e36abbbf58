// SPDX-License-Identifier: MIT
#include "events/publish/d1_batch.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "core/text.hpp"
#include "events/publish/script.hpp"

using namespace vinny;

namespace {

std::string word(std::mt19937& chance, std::size_t longest) {
  static constexpr std::string_view pieces[] = {"a", "'", ";", "\n", "--", "ë", "🎧", "(", ","};
  std::string out;
  for (auto left = chance() % (longest + 1); left > 0; --left) out += pieces[chance() % 9];
  return out;
}

change upsert_of(row value) {
  auto key = key_of(value);
  auto digest = digest_of(value);
  return {change::kind::upsert, std::move(value), std::move(key), std::move(digest)};
}

change removal_of(row const& value) {
  auto key = key_of(value);
  auto gone = row_of_key(key);
  return {change::kind::remove, std::move(*gone), std::move(key), {}};
}

row random_row(table_id table, std::string const& id, std::mt19937& chance) {
  auto const& s = schema(table);
  row out{table, std::vector<cell>(s.columns.size())};
  for (std::size_t i = 0; i < s.columns.size(); ++i) {
    out.cells[i] = word(chance, chance() % 50 == 0 ? 20'000 : 20);
    if (chance() % 9 == 0) out.cells[i] = static_cast<std::int64_t>(chance());
  }
  for (auto const at : s.key) out.cells[at] = id + "'" + std::to_string(at);
  if (table == table_id::artists || table == table_id::events) out.cells[1] = id;  // UNIQUE
  return out;
}

/// Rows whose foreign keys hold: children name the parent of their own number.
std::vector<row> random_rows(std::size_t each, std::mt19937& chance) {
  std::vector<row> out;
  for (std::size_t i = 0; i < each; ++i) {
    auto const id = "id" + std::to_string(i);
    for (auto const table : all_tables) {
      auto made = random_row(table, id, chance);
      if (table != table_id::artists && table != table_id::events) made.cells[0] = id + "'0";
      if (table == table_id::event_artists) made.cells[1] = id + "'0";
      for (auto& c : made.cells) {
        if (auto* text = std::get_if<std::string>(&c)) *text = valid_utf8(*text);
      }
      if (table == table_id::artists) made.cells[2] = "name";
      if (table == table_id::images) made.cells[3] = "url";
      if (table == table_id::events) made.cells[4] = "2027-01-01";
      out.push_back(std::move(made));
    }
  }
  return out;
}

std::vector<d1_batch> pack_all(std::span<change const* const> ordered, d1_limits limits) {
  std::vector<d1_batch> out;
  while (!ordered.empty()) {
    out.push_back(pack(ordered, limits));
    REQUIRE(out.back().changes > 0);
    ordered = ordered.subspan(out.back().changes);
  }
  return out;
}

std::map<std::string, std::string> contents(SQLite::Database& db) {
  std::map<std::string, std::string> out;
  for (auto const table : all_tables) {
    SQLite::Statement all(db, "SELECT * FROM " + std::string{schema(table).name});
    while (all.executeStep()) {
      row found{table, {}};
      for (int i = 0; i < all.getColumnCount(); ++i) {
        auto const column = all.getColumn(i);
        if (column.isNull()) {
          found.cells.emplace_back();
        } else if (column.isInteger()) {
          found.cells.emplace_back(column.getInt64());
        } else if (column.isFloat()) {
          found.cells.emplace_back(column.getDouble());
        } else {
          found.cells.emplace_back(column.getString());
        }
      }
      out.emplace(key_of(found), digest_of(found));
    }
  }
  return out;
}

SQLite::Database empty_database() {
  SQLite::Database db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  db.exec("PRAGMA foreign_keys = ON");
  db.exec(std::string{schema_sql()});
  return db;
}

}  // namespace

TEST_CASE("packed requests write and remove what the single statements do") {
  auto const seed = GENERATE(range(1U, 13U));
  std::mt19937 chance{seed};
  auto const rows = random_rows(40, chance);
  auto packed = empty_database();
  auto single = empty_database();
  std::map<std::string, std::string> published;
  for (int round = 0; round < 3; ++round) {
    std::vector<row> wanted;
    auto const kept = chance() % 40;
    for (auto const& one : rows) {
      if (std::get<std::string>(one.cells[0]) < "id" + std::to_string(kept)) wanted.push_back(one);
    }
    if (round == 0) wanted = rows;
    auto const changes = difference(wanted, published, false);
    auto const ordered = in_safe_order(changes);
    d1_limits const limits{.rows = 1 + chance() % 60, .bytes = 1 + chance() % 300'000};
    CAPTURE(seed, round, changes.size(), limits.rows, limits.bytes);
    std::size_t told = 0;
    std::size_t upserts = 0;
    for (auto const& batch : pack_all(ordered, limits)) {
      CHECK(batch.changes <= limits.rows);
      CHECK((batch.sql.size() <= limits.bytes || batch.changes == 1));
      packed.exec(batch.sql);
      told += batch.changes;
      upserts += batch.upserts;
    }
    CHECK(told == changes.size());
    CHECK(upserts == static_cast<std::size_t>(
                         std::ranges::count(changes, change::kind::upsert, &change::what)));
    for (auto const* one : ordered) single.exec(statement(*one));
    for (auto const& one : changes) {
      if (one.digest.empty()) {
        published.erase(one.key);
      } else {
        published[one.key] = one.digest;
      }
    }
    CHECK(contents(packed) == contents(single));
    CHECK(contents(packed).size() == published.size());
  }
}

TEST_CASE("no statement is longer than D1 takes, and rows share statements") {
  std::mt19937 chance{7};
  std::vector<change> changes;
  for (int i = 0; i < 300; ++i) {
    auto one = random_row(table_id::events, std::to_string(i), chance);
    one.cells[3] = std::string(chance() % 30 == 0 ? 120'000 : 900, '\'');
    changes.push_back(upsert_of(std::move(one)));
  }
  auto const ordered = in_safe_order(changes);
  auto const batches = pack_all(ordered, {.rows = 1000, .bytes = 1U << 20});
  std::size_t statements = 0;
  for (auto const& batch : batches) {
    std::size_t begin = 0;
    statements += batch.statements;
    for (std::size_t n = 0; n < batch.statements; ++n) {
      auto const end = batch.sql.find(";\nINSERT", begin);
      auto const size = (end == std::string::npos ? batch.sql.size() - 1 : end + 1) - begin;
      CHECK(size <= max_statement_bytes);
      begin += size + 1;
    }
    CHECK(begin == batch.sql.size());
  }
  CHECK(statements < 150);
}

TEST_CASE("removals go first, children first; a removal names every part of its key") {
  std::mt19937 chance{3};
  std::vector<change> changes;
  for (auto const& one : random_rows(2, chance)) changes.push_back(removal_of(one));
  changes.push_back(upsert_of(random_row(table_id::artists, "new", chance)));
  auto const ordered = in_safe_order(changes);
  auto const batch = pack(ordered, {.rows = 100, .bytes = 1U << 20});
  CHECK(batch.statements == 6);
  CHECK(batch.upserts == 1);
  std::size_t before = 0;
  for (auto const* text : {"DELETE FROM table_tiers WHERE (event_id, tier) IN (VALUES ('id0''0', ",
                           "DELETE FROM images WHERE (artist_id, venue_tag, size) IN",
                           "DELETE FROM event_artists WHERE (event_id, artist_id) IN",
                           "DELETE FROM events WHERE (id) IN (VALUES ('id0''0'),('id1''0'));",
                           "DELETE FROM artists WHERE (id) IN", "INSERT INTO artists"}) {
    auto const found = batch.sql.find(text);
    CAPTURE(text, batch.sql);
    REQUIRE(found != std::string::npos);
    CHECK(found >= before);
    before = found;
  }
}

TEST_CASE("an empty list is an empty request, one huge row still goes") {
  CHECK(pack({}, {.rows = 10, .bytes = 10}).changes == 0);
  std::mt19937 chance{3};
  std::vector<change> const changes{upsert_of(random_row(table_id::events, "x", chance))};
  auto const ordered = in_safe_order(changes);
  CHECK(pack(ordered, {.rows = 1, .bytes = 1}).changes == 1);
  CHECK(pack(ordered, {.rows = 0, .bytes = 0}).changes == 1);
}

TEST_CASE("requests grow while they are quick and shrink when they are slow") {
  d1_pace pace;
  auto const first = pace.limits(0).rows;
  d1_batch batch{.changes = first};
  pace.confirmed(batch, std::chrono::milliseconds{20});
  CHECK(pace.limits(0).rows == 2 * first);
  for (int i = 0; i < 20; ++i) {
    batch.changes = pace.limits(0).rows;
    pace.confirmed(batch, std::chrono::milliseconds{20});
  }
  CHECK(pace.limits(0).rows == 10'000);
  batch.changes = 10'000;
  pace.confirmed(batch, std::chrono::seconds{15});
  CHECK(pace.limits(0).rows == 2'000);
  pace.too_much();
  CHECK(pace.limits(0).rows == 1'000);
  for (int i = 0; i < 50; ++i) pace.too_much();
  CHECK(pace.limits(0).rows == 10);
}

TEST_CASE("a short last request does not hold the next ones down") {
  d1_pace pace;
  auto const first = pace.limits(0).rows;
  pace.confirmed({.changes = 3}, std::chrono::milliseconds{1});
  CHECK(pace.limits(0).rows == first);
}

TEST_CASE("the one row at fault is found in few requests, and all before it are kept") {
  std::size_t const all = 500;
  auto const bad = GENERATE(as<std::size_t>{}, 0, 1, 77, 250, 498, 499);
  d1_pace pace;
  std::size_t at = 0;
  int requests = 0;
  for (;;) {
    REQUIRE(++requests < 40);
    auto const count = std::min(pace.limits(at).rows, all - at);
    if (bad >= at && bad < at + count) {
      if (!pace.refused(at, count)) break;
    } else {
      at += count;
    }
  }
  CAPTURE(bad, requests);
  CHECK(at == bad);
  CHECK(requests <= 20);
}
