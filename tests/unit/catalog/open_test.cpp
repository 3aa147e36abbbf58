// SPDX-License-Identifier: MIT
#include "catalog/catalog.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

#include "catalog/schema.hpp"
#include "unit/scratch_folder.hpp"

using namespace vinny;

namespace {

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a catalog is made where there is none, and found again") {
  scratch_folder const folder;
  auto const dir = folder.path / "deep" / "data";
  {
    auto const made = catalog::open(dir, "test");
    REQUIRE(made);
    CHECK((*made)->file() == dir / "vinny.db");
    CHECK((*made)->data_dir() == dir);
  }
  database raw{dir / "vinny.db", database::mode::read_write};
  CHECK(raw.number("PRAGMA user_version") == catalog_version());
  CHECK(raw.number("PRAGMA application_id") == catalog_application_id);
  CHECK(raw.text("PRAGMA journal_mode") == "wal");
  raw.execute("INSERT INTO notes (name, value) VALUES ('kept', 'yes')");
  CHECK(catalog::open(dir, "test"));
  CHECK(raw.text("SELECT value FROM notes WHERE name = 'kept'") == "yes");
}

TEST_CASE("a second opening fails at once and names who holds the catalog") {
  scratch_folder const folder;
  {
    auto const first = catalog::open(folder.path, "vinnyd");
    REQUIRE(first);
    auto const second = catalog::open(folder.path, "vinny");
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::catalog_locked);
    CHECK(has(second.error().message, "vinnyd, pid " + std::to_string(::getpid())));
    CHECK(has(second.error().message, folder.path.string()));
    // Reports may be read beside it, and the refused one has not broken the lock.
    CHECK(catalog::open_read_only(folder.path));
    CHECK_FALSE(catalog::open(folder.path, "vinny"));
  }
  CHECK(catalog::open(folder.path, "vinny"));
}

TEST_CASE("the text of a shorter holder replaces that of a longer one") {
  scratch_folder const folder;
  {
    REQUIRE(catalog::open(folder.path, "a-program-with-a-very-long-name"));
  }
  auto const first = catalog::open(folder.path, "v");
  REQUIRE(first);
  CHECK(content_of(folder.path / "vinny.lock") == "v, pid " + std::to_string(::getpid()) + "\n");
}

TEST_CASE("a catalog of a newer version is refused and left alone") {
  scratch_folder const folder;
  {
    REQUIRE(catalog::open(folder.path, "test"));
  }
  {
    database raw{folder.path / "vinny.db", database::mode::read_write};
    raw.handle().exec("PRAGMA user_version = 99");
  }
  auto const out = catalog::open(folder.path, "test");
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::catalog_newer);
  CHECK(has(out.error().message, "99"));
  CHECK(catalog::open_read_only(folder.path).error().code == errc::catalog_newer);
  database raw{folder.path / "vinny.db", database::mode::read_only};
  CHECK(raw.number("PRAGMA user_version") == 99);
}

TEST_CASE("some other program's database is refused and left alone") {
  scratch_folder const folder;
  {
    database raw{folder.path / "vinny.db", database::mode::read_write};
    raw.handle().exec("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (7)");
  }
  auto const out = catalog::open(folder.path, "test");
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::catalog_corrupt);
  CHECK(has(out.error().message, "not a catalog of vinny"));
  database raw{folder.path / "vinny.db", database::mode::read_only};
  CHECK(raw.number("SELECT x FROM theirs") == 7);
  CHECK(raw.number("SELECT count(*) FROM sqlite_master") == 1);
}

TEST_CASE("a file that is no database is refused and left alone") {
  scratch_folder const folder;
  std::string const text(5000, 'x');
  put_content(folder.path / "vinny.db", text);
  auto const out = catalog::open(folder.path, "test");
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::catalog_corrupt);
  CHECK(has(out.error().message, (folder.path / "vinny.db").string()));
  CHECK(content_of(folder.path / "vinny.db") == text);
}

TEST_CASE("a data directory that cannot be made is named") {
  scratch_folder const folder;
  put_content(folder.path / "file", "x");
  auto const out = catalog::open(folder.path / "file" / "data", "test");
  REQUIRE_FALSE(out);
  CHECK(has(out.error().message, (folder.path / "file" / "data").string()));
}

TEST_CASE("there is nothing to report before the first run") {
  scratch_folder const folder;
  auto const out = catalog::open_read_only(folder.path);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::not_found);
  CHECK_FALSE(std::filesystem::exists(folder.path / "vinny.db"));
}

TEST_CASE("the lock file is no way to write somewhere else") {
  scratch_folder const folder;
  put_content(folder.path / "victim", "precious");
  std::filesystem::create_directory(folder.path / "data");
  std::filesystem::create_symlink(folder.path / "victim", folder.path / "data" / "vinny.lock");
  CHECK_FALSE(catalog::open(folder.path / "data", "test"));
  CHECK(content_of(folder.path / "victim") == "precious");
}
