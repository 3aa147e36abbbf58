// SPDX-License-Identifier: MIT
#include "catalog/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/subsystem.hpp"

namespace vinny {
namespace {

// Times are RFC 3339 texts, except due_at: milliseconds since the epoch, since it is compared.
// Work lists are partial indexes over the state that a stage consumes.
constexpr char const* version_1 = R"sql(
CREATE TABLE runs (
  id          TEXT PRIMARY KEY,            -- ULID
  pipeline    TEXT NOT NULL,               -- sync, scrape, images, upload, publish
  params      TEXT NOT NULL,               -- JSON, as asked for
  state       TEXT NOT NULL,               -- queued running done partial failed cancelled
  created_at  TEXT NOT NULL,
  started_at  TEXT,
  finished_at TEXT,
  counts      TEXT NOT NULL DEFAULT '{}',  -- JSON
  error       TEXT                         -- why it failed
) WITHOUT ROWID;
CREATE INDEX runs_active ON runs(state) WHERE state IN ('queued', 'running');

CREATE TABLE errors (                      -- one row for each item that a run gave up
  id       INTEGER PRIMARY KEY,
  run_id   TEXT NOT NULL,
  step     TEXT NOT NULL,
  key      TEXT NOT NULL,                  -- what it was: a URL, a file key
  url      TEXT NOT NULL,                  -- without its query
  reason   TEXT NOT NULL,                  -- errc name
  message  TEXT NOT NULL,
  evidence TEXT NOT NULL,                  -- the first bytes of what came instead
  attempts INTEGER NOT NULL,
  at       TEXT NOT NULL
);
CREATE INDEX errors_of_run ON errors(run_id);

CREATE TABLE hosts (
  host           TEXT PRIMARY KEY,
  cooldown_until TEXT NOT NULL,
  breaker_until  TEXT NOT NULL,
  failures       INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE robots (
  origin     TEXT PRIMARY KEY,
  status     INTEGER NOT NULL,
  body       TEXT NOT NULL,
  fetched_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE notes (                       -- single facts about the catalog itself
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
)sql";

constexpr char const* version_5 = R"sql(
ALTER TABLE hosts ADD COLUMN errors INTEGER NOT NULL DEFAULT 0;   -- since it was first asked, or
ALTER TABLE hosts ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;  -- released
ALTER TABLE hosts ADD COLUMN quarantined_at TEXT NOT NULL DEFAULT '';
ALTER TABLE hosts ADD COLUMN set_delay_ms INTEGER;                -- the operator's; NULL: as
ALTER TABLE hosts ADD COLUMN set_concurrency INTEGER;             -- configured
)sql";

constexpr char const* version_9 = R"sql(
ALTER TABLE hosts ADD COLUMN released_at TEXT NOT NULL DEFAULT '';  -- what was refused before it is
                                                                    -- asked for again
)sql";

constexpr std::array<migration, 3> own{{{1, version_1}, {5, version_5}, {9, version_9}}};
static_assert(are_numbered(own, floor_migrations));

void apply(database& db, std::span<migration const> steps, int number) {
  for (auto const& one : steps) {
    if (one.number == number) db.handle().exec(one.sql);
  }
}

}  // namespace

int catalog_version() noexcept {
  int out = own.back().number;
  for (auto const* const system : systems()) {
    if (system->tables != nullptr) out = std::max(out, system->tables().back().number);
  }
  return out;
}

result<> migrate(database& db, std::filesystem::path const& file) {
  int const newest = catalog_version();
  auto const version = static_cast<int>(db.number("PRAGMA user_version"));
  auto const application = static_cast<int>(db.number("PRAGMA application_id"));
  auto const tables = db.number("SELECT count(*) FROM sqlite_master");
  if (version > newest) {
    return fail(errc::catalog_newer,
                fmt::format("{}: written by a newer version of vinny (catalog version {}, this "
                            "program knows {}); install that version or use another data_dir",
                            file.string(), version, newest));
  }
  if (tables > 0 && application != catalog_application_id) {
    return fail(errc::catalog_corrupt,
                fmt::format("{}: an SQLite database, but not a catalog of vinny; use another "
                            "data_dir or move the file away",
                            file.string()));
  }
  if (version == newest) return {};
  SQLite::Transaction transaction{db.handle()};
  for (int number = version + 1; number <= newest; ++number) {
    apply(db, own, number);
    for (auto const* const system : systems()) {
      if (system->tables != nullptr) apply(db, system->tables(), number);
    }
  }
  db.handle().exec(fmt::format("PRAGMA application_id = {}", catalog_application_id));
  db.handle().exec(fmt::format("PRAGMA user_version = {}", newest));
  transaction.commit();
  return {};
}

}  // namespace vinny
