// SPDX-License-Identifier: MIT
#include "events/publish/local_database.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <limits>
#include <memory>
#include <sstream>

#include "events/publish/script.hpp"

using namespace vinny;

namespace {

namespace fs = std::filesystem;

struct scratch {
  fs::path folder;
  scratch() {
    std::string name = (fs::temp_directory_path() / "vinny-publish-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
  }
  scratch(scratch const&) = delete;
  scratch& operator=(scratch const&) = delete;
  ~scratch() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  [[nodiscard]] fs::path file() const { return folder / "local-d1.sqlite"; }
};

struct closer {
  void operator()(sqlite3* db) const noexcept { sqlite3_close(db); }
};
using handle = std::unique_ptr<sqlite3, closer>;

handle raw(fs::path const& file) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
  return handle{db};
}

void execute(sqlite3* db, std::string const& sql) {
  char* text = nullptr;
  auto const code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &text);
  std::string const message = text != nullptr ? text : "";
  sqlite3_free(text);
  INFO(message);
  REQUIRE(code == SQLITE_OK);
}

/// Every cell of the five tables as SQLite's own literal, by rowid: types show.
std::vector<std::string> dump(fs::path const& file) {
  auto const db = raw(file);
  std::vector<std::string> out;
  for (table_id const table : all_tables) {
    std::string sql = "SELECT ";
    for (auto const column : schema(table).columns) sql += "quote(" + std::string{column} + "),";
    sql.back() = ' ';
    sql += "FROM " + std::string{schema(table).name} + " ORDER BY rowid";
    sqlite3_stmt* query = nullptr;
    REQUIRE(sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &query, nullptr) == SQLITE_OK);
    while (sqlite3_step(query) == SQLITE_ROW) {
      std::string line{schema(table).name};
      for (int i = 0; i < sqlite3_column_count(query); ++i) {
        line += " | ";
        line += reinterpret_cast<char const*>(sqlite3_column_text(query, i));
      }
      out.push_back(std::move(line));
    }
    sqlite3_finalize(query);
  }
  return out;
}

std::string one(fs::path const& file, std::string const& sql) {
  auto const db = raw(file);
  sqlite3_stmt* query = nullptr;
  REQUIRE(sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &query, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_step(query) == SQLITE_ROW);
  std::string out(reinterpret_cast<char const*>(sqlite3_column_text(query, 0)),
                  static_cast<std::size_t>(sqlite3_column_bytes(query, 0)));
  sqlite3_finalize(query);
  return out;
}

row artist(std::string id, std::string name) {
  return {table_id::artists, {id, id, std::move(name), {}, {}}};
}

row event(std::string id, std::string title, std::string created_at = "c", std::string at = "u") {
  row out{table_id::events, std::vector<cell>(18)};
  out.cells[0] = id;
  out.cells[1] = "2027-06-12-" + id;
  out.cells[2] = std::move(title);
  out.cells[4] = "2027-06-12";
  out.cells[15] = at;
  out.cells[16] = std::move(created_at);
  out.cells[17] = at;
  return out;
}

row performs(std::string event_id, std::string artist_id) {
  return {table_id::event_artists, {event_id, artist_id, std::int64_t{0}, "headliner"}};
}

row tier(std::string event_id, std::string name, cell price, cell guests = {}) {
  return {table_id::table_tiers,
          {event_id, "liv", std::move(name), std::move(price), std::move(guests), std::int64_t{1}}};
}

change put(row r) {
  return {change::kind::upsert, std::move(r), {}, {}};
}
change drop(row r) {
  return {change::kind::remove, std::move(r), {}, {}};
}

using changes = std::vector<change>;

void send_rows(fs::path const& file, changes const& list) {
  auto db = local_database::open(file);
  REQUIRE(db);
  auto const done = db->apply(list);
  INFO((done ? std::string{} : done.error().message));
  REQUIRE(done);
}

/// The script's way to the same file: its text through sqlite3_exec.
void send_script(fs::path const& file, changes const& list) {
  std::ostringstream out;
  REQUIRE(script_writer{out}.write(list));
  auto const db = raw(file);
  execute(db.get(), "PRAGMA foreign_keys = ON");
  execute(db.get(), out.str());
}

std::vector<std::string> hostile_texts() {
  return {"'",
          "''; DROP TABLE events; --",
          "Robert'); DELETE FROM artists;--",
          "line one\nline two\r\n\ttab",
          "-- not a comment\n/* nor this */",
          "\"double\" `back` [bracket] \\ ; ? ?1 :a @b $c",
          "Tiësto · Шура · 電子 · 🎧\u202E",
          std::string("nul\0inside", 10),
          "broken \xff\xfe utf-8 \xc3",
          "NULL",
          "0123",
          "1e5",
          " ",
          "",
          std::string(250'000, '\'')};
}

}  // namespace

TEST_CASE("hostile texts reach both databases as the same values") {
  changes list;
  int n = 0;
  for (auto const& text : hostile_texts()) {
    auto const id = std::to_string(n++);
    list.push_back(put(artist("a" + id, text)));
    auto e = event("e" + id, text);
    e.cells[3] = text;
    list.push_back(put(e));
    list.push_back(put(performs("e" + id, "a" + id)));
    list.push_back(put(tier("e" + id, "tier " + text.substr(0, 200), 500.0)));
  }
  scratch const bound;
  scratch const spelled;
  send_rows(bound.file(), list);
  send_script(spelled.file(), list);
  auto const rows = dump(bound.file());
  CHECK(rows.size() == list.size());
  CHECK(rows == dump(spelled.file()));
  CHECK(one(bound.file(), "SELECT name FROM artists WHERE id = 'a1'") == hostile_texts()[1]);
  CHECK(one(spelled.file(), "SELECT name FROM artists WHERE id = 'a3'") == hostile_texts()[3]);
  CHECK(one(bound.file(), "SELECT title FROM events WHERE id = 'e7'") == "nulinside");
  CHECK(one(bound.file(), "SELECT typeof(name) FROM artists WHERE id = 'a10'") == "text");
}

TEST_CASE("numbers keep their value and type on both ways") {
  constexpr auto biggest = std::numeric_limits<std::int64_t>::max();
  constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
  changes list{put(event("e", "t"))};
  std::vector<std::pair<cell, cell>> const values{{500.0, biggest},
                                                  {0.1, smallest},
                                                  {1e300, std::int64_t{0}},
                                                  {2.5e-7, {}},
                                                  {-0.0, -1.0},
                                                  {199.99, "12"},
                                                  {{}, std::int64_t{8}},
                                                  {std::numeric_limits<double>::quiet_NaN(), {}},
                                                  {std::numeric_limits<double>::infinity(), {}},
                                                  {std::int64_t{750}, {}}};
  int n = 0;
  for (auto const& [price, guests] : values) {
    list.push_back(put(tier("e", std::to_string(n++), price, guests)));
  }
  scratch const bound;
  scratch const spelled;
  send_rows(bound.file(), list);
  send_script(spelled.file(), list);
  CHECK(dump(bound.file()) == dump(spelled.file()));
  auto const query = [&](std::string const& what, int which) {
    return one(bound.file(),
               "SELECT " + what + " FROM table_tiers WHERE tier = '" + std::to_string(which) + "'");
  };
  CHECK(query("guests", 0) == "9223372036854775807");
  CHECK(query("guests", 1) == "-9223372036854775808");
  CHECK(query("typeof(price)", 0) == "real");
  CHECK(query("price = 199.99", 5) == "1");
  CHECK(query("typeof(price)", 7) == "null");
}

TEST_CASE("an update keeps created_at and replaces everything else") {
  for (bool const by_script : {false, true}) {
    CAPTURE(by_script);
    scratch const s;
    auto const way = by_script ? send_script : send_rows;
    way(s.file(), {put(event("e", "first", "2027-01-01", "2027-01-01"))});
    way(s.file(), {put(event("e", "second", "2027-02-02", "2027-02-02"))});
    CHECK(one(s.file(), "SELECT count(*) FROM events") == "1");
    CHECK(one(s.file(), "SELECT title FROM events") == "second");
    CHECK(one(s.file(), "SELECT created_at FROM events") == "2027-01-01");
    CHECK(one(s.file(), "SELECT scraped_at || updated_at FROM events") == "2027-02-022027-02-02");
    CHECK(one(s.file(), "SELECT description IS NULL FROM events") == "1");
  }
}

TEST_CASE("applying the same changes again changes nothing") {
  changes const list{put(artist("a", "A")), put(event("e", "t")), put(performs("e", "a")),
                     put(tier("e", "VIP", 500.0)), drop(artist("never there", ""))};
  scratch const s;
  send_rows(s.file(), list);
  auto const before = dump(s.file());
  send_rows(s.file(), list);
  send_script(s.file(), list);
  CHECK(dump(s.file()) == before);
  auto const db = local_database::open(s.file());
  REQUIRE(db);
  CHECK(db->rows() == 4);
}

TEST_CASE("changes are applied in the safe order whatever order they come in") {
  scratch const s;
  send_rows(s.file(), {put(tier("e", "VIP", 1.0)), put(performs("e", "a")), put(event("e", "t")),
                       put(artist("a", "A"))});
  CHECK(dump(s.file()).size() == 4);
  send_rows(s.file(), {put(performs("f", "a")), drop(event("e", "")), put(event("f", "t")),
                       drop(performs("e", "a")), drop(tier("e", "VIP", {}))});
  CHECK(one(s.file(), "SELECT group_concat(event_id) FROM event_artists") == "f");
  CHECK(dump(s.file()).size() == 3);
}

TEST_CASE("removing a parent takes children along that nobody remembers") {
  scratch const s;
  send_rows(s.file(), {put(artist("a", "A")), put(event("e", "t")), put(performs("e", "a")),
                       put(tier("e", "VIP", 1.0))});
  send_rows(s.file(), {drop(event("e", ""))});
  CHECK(one(s.file(), "SELECT count(*) FROM event_artists") == "0");
  CHECK(one(s.file(), "SELECT count(*) FROM table_tiers") == "0");
  CHECK(one(s.file(), "SELECT count(*) FROM artists") == "1");
}

TEST_CASE("an artist whom another program still names is not removed") {
  scratch const s;
  send_rows(s.file(), {put(artist("a", "A")), put(artist("b", "B")), put(event("e", "t")),
                       put(performs("e", "a"))});
  send_rows(s.file(), {drop(artist("a", "")), drop(artist("b", ""))});
  CHECK(one(s.file(), "SELECT group_concat(id) FROM artists") == "a");
  CHECK(one(s.file(), "SELECT count(*) FROM event_artists") == "1");
}

TEST_CASE("a table with further columns is used as it is") {
  scratch const s;
  execute(raw(s.file()).get(),
          "CREATE TABLE artists (id TEXT PRIMARY KEY, slug UNIQUE, name, bio, image, more)");
  send_rows(s.file(), {put(artist("a", "A"))});
  CHECK(one(s.file(), "SELECT more IS NULL FROM artists") == "1");
}

TEST_CASE("the file is complete by itself while it is open") {
  scratch const s;
  auto db = local_database::open(s.file());
  REQUIRE(db);
  REQUIRE(db->apply(changes{put(artist("a", "A"))}));
  fs::copy_file(s.file(), s.folder / "copy.sqlite");
  CHECK(one(s.folder / "copy.sqlite", "SELECT name FROM artists") == "A");
  std::size_t files = 0;
  for ([[maybe_unused]] auto const& entry : fs::directory_iterator(s.folder)) ++files;
  CHECK(files == 2);
}
