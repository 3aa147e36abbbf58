// SPDX-License-Identifier: MIT
#include "clocks/tables/clocks.hpp"

namespace vinny {
namespace {

constexpr char const* version_10 = R"sql(
CREATE TABLE clocks (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,
  wound INTEGER NOT NULL DEFAULT 0         -- 1: it goes
);
)sql";

constexpr std::array<migration, 1> all{{{10, version_10}}};
static_assert(are_numbered(all, clocks_migrations));

}  // namespace

std::span<migration const> clock_tables() noexcept {
  return all;
}

void put_on_shelf(database& db, std::vector<std::string> const& names) {
  for (auto const& name : names) {
    db.execute("INSERT OR IGNORE INTO clocks (name) VALUES (?)", name);
  }
}

std::vector<clock_row> list_clocks(database& db, bool unwound_only) {
  std::vector<clock_row> out;
  db.query(
      "SELECT id, name, wound FROM clocks WHERE wound = 0 OR ? = 0 ORDER BY name",
      [&](SQLite::Statement& row) {
        out.push_back({.id = row.getColumn(0).getInt64(),
                       .name = row.getColumn(1).getString(),
                       .is_wound = row.getColumn(2).getInt() != 0});
      },
      unwound_only);
  return out;
}

void set_wound(database& db, std::int64_t id) {
  db.execute("UPDATE clocks SET wound = 1 WHERE id = ?", id);
}

void take_off(database& db, std::int64_t id) {
  db.execute("DELETE FROM clocks WHERE id = ?", id);
}

}  // namespace vinny
