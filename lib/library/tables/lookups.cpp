// SPDX-License-Identifier: MIT
#include "library/tables/lookups.hpp"

#include "catalog/id_list.hpp"
#include "catalog/notes.hpp"

namespace vinny {
namespace {

constexpr auto library_note = "library";

}  // namespace

void take_library(database& db, std::string const& name) {
  auto const before = read_note(db, library_note).value_or("catalog");
  if (before == name) return;
  db.execute("DELETE FROM library_lookups");
  set_note(db, backfill_note, "");
  set_note(db, library_note, name);
}

void keep_lookup(database& db, std::int64_t row, std::string const& url, std::int64_t at_ms) {
  db.execute(
      "INSERT OR REPLACE INTO library_lookups (row_id, url, checked_ms, settled) "
      "VALUES (?, ?, ?, 0)",
      row, url, at_ms);
}

std::map<std::int64_t, kept_lookup> kept_lookups(database& db,
                                                 std::vector<std::int64_t> const& ids) {
  std::map<std::int64_t, kept_lookup> out;
  db.query(
      "SELECT row_id, url, checked_ms, settled FROM json_each(?) AS wanted "
      "JOIN library_lookups ON row_id = wanted.value",
      [&out](SQLite::Statement& row) {
        out[row.getColumn(0).getInt64()] = {row.getColumn(1).getString(),
                                            row.getColumn(2).getInt64(),
                                            row.getColumn(3).getInt() != 0};
      },
      id_list(ids));
  return out;
}

std::map<std::int64_t, std::string> unsettled_artwork(database& db) {
  std::map<std::int64_t, std::string> out;
  db.query("SELECT row_id, url FROM library_lookups WHERE settled = 0 AND url <> ''",
           [&out](SQLite::Statement& row) {
             out.emplace(row.getColumn(0).getInt64(), row.getColumn(1).getString());
           });
  return out;
}

void settle_lookups(database& db, std::vector<std::int64_t> const& ids) {
  auto const list = id_list(ids);
  db.execute(
      "DELETE FROM library_lookups WHERE url <> '' "
      "AND row_id IN (SELECT value FROM json_each(?))",
      list);
  db.execute(
      "UPDATE library_lookups SET settled = 1 WHERE row_id IN (SELECT value FROM json_each(?))",
      list);
}

}  // namespace vinny
