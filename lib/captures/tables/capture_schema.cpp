// SPDX-License-Identifier: MIT
#include "captures/tables/capture_schema.hpp"

#include <array>

namespace vinny {
namespace {

constexpr char const* version_7 = R"sql(
CREATE TABLE captures (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: addresses carry it
  collection  TEXT NOT NULL,
  origin      INTEGER NOT NULL,            -- 0 url, 1 store, 2 directory, 3 bucket
  location    TEXT NOT NULL,               -- a URL, a key, or a path
  bytes       INTEGER NOT NULL,            -- 0: not known
  etag        TEXT NOT NULL,               -- '': not known
  modified_ms INTEGER,                     -- the source's version; NULL: not known
  UNIQUE (collection, origin, location)
);
CREATE INDEX captures_of ON captures(collection, id);

CREATE TABLE thumbnails (
  capture_id INTEGER NOT NULL,
  label      TEXT NOT NULL,
  key        TEXT NOT NULL,                -- in the store; '': it was never finished
  width      INTEGER NOT NULL,             -- as it was asked for
  height     INTEGER NOT NULL,             -- as it came out
  bytes      INTEGER NOT NULL,
  source_ms  INTEGER,                      -- captures.modified_ms, as it was read
  PRIMARY KEY (capture_id, label)
) WITHOUT ROWID;

CREATE TABLE thumbnail_leases (            -- thumbnails that are being made
  capture_id INTEGER NOT NULL,
  label      TEXT NOT NULL,
  token      TEXT NOT NULL,
  until_ms   INTEGER NOT NULL,             -- milliseconds since the epoch
  PRIMARY KEY (capture_id, label)
) WITHOUT ROWID;

CREATE TABLE doomed_objects (              -- objects of captures that no row names
  key    TEXT PRIMARY KEY,
  due_ms INTEGER NOT NULL                  -- when it is to be removed, in milliseconds
) WITHOUT ROWID;
CREATE INDEX doomed_objects_due ON doomed_objects(due_ms);
)sql";

constexpr char const* version_9 = R"sql(
-- Up to these rows addresses may be spelled as versions before 9 spelled them.
INSERT INTO notes (name, value) SELECT 'old_spelling.captures', max(id) FROM captures
  HAVING max(id) > 0;
)sql";

constexpr std::array<migration, 2> all{{{7, version_7}, {9, version_9}}};
static_assert(are_numbered(all, captures_migrations));

}  // namespace

std::span<migration const> capture_tables() noexcept {
  return all;
}

}  // namespace vinny
