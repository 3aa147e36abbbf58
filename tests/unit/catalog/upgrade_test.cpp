// SPDX-License-Identifier: MIT
//
// A catalog of every earlier version, with one row in each table, becomes one of this version. The
// files are frozen: tests/support/freeze_catalog.py wrote them.
#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "catalog/catalog.hpp"
#include "catalog/schema.hpp"
#include "unit/catalog/catalog_fixture.hpp"
#include "unit/repository.hpp"
#include "unit/scratch_folder.hpp"

using namespace vinny;

namespace {

/// "table name" → its text.
std::map<std::string, std::string> schema_of(database& db) {
  std::map<std::string, std::string> out;
  db.query("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master",
           [&](SQLite::Statement& row) {
             out[row.getColumn(0).getString()] = row.getColumn(1).getString();
           });
  return out;
}

/// database::query() keeps statements by the address of their text: these are made for once.
std::vector<std::string> first_column(database& db, std::string const& sql) {
  std::vector<std::string> out;
  SQLite::Statement rows{db.handle(), sql};
  while (rows.executeStep()) out.push_back(rows.getColumn(0).getString());
  return out;
}

std::vector<std::string> columns_of(database& db, std::string const& table) {
  return first_column(db, "SELECT name FROM pragma_table_info('" + table + "')");
}

/// The rows of a table, in these columns, as text.
std::vector<std::string> rows_of_table(database& db, std::string const& table,
                                       std::vector<std::string> const& columns) {
  std::string names;
  for (auto const& column : columns) {
    names += (names.empty() ? "quote(" : " || ', ' || quote(") + column + ')';
  }
  return first_column(db, "SELECT " + names + " FROM " + table + " ORDER BY 1");
}

/// What the upgrade itself changes: these are looked at by tests of their own.
bool is_rewritten(std::string const& table) {
  return table == "notes";
}

}  // namespace

TEST_CASE("a catalog of every version before becomes one of this version and keeps its rows") {
  auto const version = GENERATE(range(1, catalog_version()));
  INFO("version " << version);
  scratch_folder const folder;
  auto const file = folder.path / "vinny.db";
  std::map<std::string, std::vector<std::string>> columns;
  std::map<std::string, std::vector<std::string>> before;
  {
    database old{file, database::mode::read_write};
    old.handle().exec(test::read_from_repository("tests/unit/catalog/versions/" +
                                                 std::to_string(version) + ".sql"));
    REQUIRE(old.number("PRAGMA user_version") == version);
    for (auto const& [name, sql] : schema_of(old)) {
      if (!sql.starts_with("CREATE TABLE") || name.contains("library_text")) continue;
      auto const table = name.substr(name.find(' ') + 1);
      columns[table] = columns_of(old, table);
      before[table] = rows_of_table(old, table, columns[table]);
      REQUIRE_FALSE(before[table].empty());
    }
  }
  REQUIRE(catalog::open(folder.path, "test"));

  database now{file, database::mode::read_only};
  CHECK(now.number("PRAGMA user_version") == catalog_version());
  CHECK(now.text("PRAGMA integrity_check") == "ok");
  for (auto const& [table, rows] : before) {
    if (is_rewritten(table)) continue;
    INFO(table);
    CHECK(rows_of_table(now, table, columns[table]) == rows);
  }
  memory_catalog fresh;
  CHECK(schema_of(now) == schema_of(fresh.db));
}

TEST_CASE("every version before this one is frozen, and no other") {
  std::set<std::string> found;
  for (auto const& one :
       std::filesystem::directory_iterator{VINNY_SOURCE_DIR "/tests/unit/catalog/versions"}) {
    found.insert(one.path().stem().string());
  }
  std::set<std::string> wanted;
  for (int version = 1; version < catalog_version(); ++version) {
    wanted.insert(std::to_string(version));
  }
  CHECK(found == wanted);
}
