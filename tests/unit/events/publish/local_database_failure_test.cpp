// SPDX-License-Identifier: MIT
#include <sqlite3.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "events/publish/local_database.hpp"

using namespace vinny;
using namespace std::chrono_literals;

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

row performs(std::string event_id, std::string artist_id) {
  return {table_id::event_artists, {event_id, artist_id, std::int64_t{0}, "headliner"}};
}

change put(row r) {
  return {change::kind::upsert, std::move(r), {}, {}};
}
using changes = std::vector<change>;

}  // namespace

TEST_CASE("a refused row names itself and leaves the file as it was") {
  scratch const s;
  auto db = local_database::open(s.file());
  REQUIRE(db);
  REQUIRE(db->apply(changes{put(artist("a", "A"))}));
  auto same_slug = artist("b", "B");
  same_slug.cells[1] = "a";
  for (auto const& refused : changes{put(performs("no such event", "a")), put(same_slug)}) {
    auto const done = db->apply(changes{put(artist("c", "C")), refused});
    REQUIRE_FALSE(done);
    CHECK(done.error().code == errc::publish_rejected);
    CHECK(done.error().message.find(key_of(refused.value)) != std::string::npos);
    CHECK(db->rows() == 1);
  }
  CHECK(db->apply(changes{put(artist("c", "C"))}));
  CHECK(db->rows() == 2);
}

TEST_CASE("a table without one of the columns is refused with its name and the cure") {
  scratch const s;
  execute(raw(s.file()).get(),
          "CREATE TABLE images (artist_id, venue_tag, size, r2_url, mime_type)");
  auto const db = local_database::open(s.file());
  REQUIRE_FALSE(db);
  CHECK(db.error().code == errc::publish_rejected);
  for (std::string_view const part :
       {"images", "width", "vinny export-d1 --local --full", "local-d1.sqlite"}) {
    CAPTURE(part);
    CHECK(db.error().message.find(part) != std::string::npos);
  }
  CHECK(one(s.file(), "SELECT count(*) FROM sqlite_master") == "1");
}

TEST_CASE("a file that is no database is refused as such") {
  scratch const s;
  std::ofstream(s.file()) << std::string(4096, 'x');
  auto const db = local_database::open(s.file());
  REQUIRE_FALSE(db);
  CHECK(db.error().code == errc::catalog_corrupt);
  CHECK(db.error().message.find("--full") != std::string::npos);
}

TEST_CASE("a place that cannot be opened is refused") {
  scratch const s;
  auto const db = local_database::open(s.folder / "missing" / "local-d1.sqlite");
  REQUIRE_FALSE(db);
  CHECK(db.error().code == errc::io_error);
}

TEST_CASE("without the right to write the failure says so") {
  if (::geteuid() == 0) {
    WARN("root may write everywhere: nothing to see");
    return;
  }
  scratch const s;
  REQUIRE(local_database::open(s.file()));
  fs::permissions(s.file(), fs::perms::owner_read);
  auto db = local_database::open(s.file());
  auto const read_only = db ? db->apply(changes{put(artist("a", "A"))}) : fail(db.error().code);
  REQUIRE_FALSE(read_only);
  CHECK(read_only.error().code == errc::read_only);
  fs::permissions(s.file(), fs::perms::none);
  auto const unreadable = local_database::open(s.file());
  REQUIRE_FALSE(unreadable);
  CHECK(unreadable.error().code == errc::permission_denied);
}

TEST_CASE("a file that another process writes is busy") {
  scratch const s;
  auto db = local_database::open(s.file(), 0ms);
  REQUIRE(db);
  auto const other = raw(s.file());
  execute(other.get(), "BEGIN IMMEDIATE");
  auto const done = db->apply(changes{put(artist("a", "A"))});
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::catalog_busy);
  execute(other.get(), "ROLLBACK");
  CHECK(db->apply(changes{put(artist("a", "A"))}));
}
