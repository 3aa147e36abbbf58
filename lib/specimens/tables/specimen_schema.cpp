// SPDX-License-Identifier: MIT
#include "specimens/tables/specimen_schema.hpp"

#include <array>

namespace vinny {
namespace {

constexpr char const* version_4 = R"sql(
CREATE TABLE specimen_hosts (              -- with the number of their images in each state
  id               INTEGER PRIMARY KEY,
  name             TEXT NOT NULL UNIQUE,   -- without "www."
  pending          INTEGER NOT NULL DEFAULT 0,
  success          INTEGER NOT NULL DEFAULT 0,
  failed_transient INTEGER NOT NULL DEFAULT 0,
  failed_permanent INTEGER NOT NULL DEFAULT 0,
  exhausted        INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE specimen_images (             -- 52 million rows: every byte counts
  id    INTEGER PRIMARY KEY,               -- gbifID * 65536 + ordinal, from 0
  host  INTEGER NOT NULL,                  -- of the address in use
  state INTEGER NOT NULL,                  -- 0 pending, 1 success, 2 failed_transient,
                                           -- 3 failed_permanent, 4 exhausted; + 8: no list names
                                           -- it any more
  urls  TEXT NOT NULL                      -- candidates, best first, one a line
);
CREATE INDEX specimen_images_pending ON specimen_images(host) WHERE state = 0;

CREATE TABLE specimen_failures (           -- of images in the states 2, 3 and 4
  id          INTEGER PRIMARY KEY,         -- specimen_images.id
  reason      TEXT NOT NULL,               -- as in the report: rate_limited, http_404, …
  http_status INTEGER NOT NULL,            -- 0: no answer came
  detail      TEXT NOT NULL,               -- at most 2,000 characters
  corrupt_sha256 TEXT NOT NULL,            -- of the bytes that could not be decoded
  attempts    INTEGER NOT NULL,
  due_at      INTEGER NOT NULL,            -- 0: not tried again
  at          INTEGER NOT NULL             -- milliseconds since the epoch
);
CREATE INDEX specimen_failures_due ON specimen_failures(due_at) WHERE due_at > 0;
CREATE INDEX specimen_failures_reason ON specimen_failures(reason, id);

CREATE TABLE specimen_files (              -- of images in state 1
  id     INTEGER PRIMARY KEY,              -- specimen_images.id
  sha256 BLOB NOT NULL,                    -- of the file; empty: it was there before the catalog
  bytes  INTEGER NOT NULL,
  width  INTEGER NOT NULL,                 -- 0: not known
  height INTEGER NOT NULL,
  kind   INTEGER NOT NULL,                 -- 0 rendition, 1 original, 2 raw, 3 legacy
  extension TEXT NOT NULL,
  at     INTEGER NOT NULL                  -- milliseconds since the epoch
);

CREATE TABLE specimen_totals (             -- how many, always: nobody counts 52 million rows
  name TEXT PRIMARY KEY,                   -- images.<state>, gbif_ids.<status>, files.<flag>
  n    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE specimen_rejects (            -- lines of the last list that name no image
  line   INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  text   TEXT NOT NULL                     -- the line's beginning
);
)sql";

constexpr char const* version_6 = R"sql(
CREATE TABLE specimen_uploads (            -- files that the store has not confirmed
  id       INTEGER PRIMARY KEY,            -- specimen_files.id
  attempts INTEGER NOT NULL,
  due_at   INTEGER NOT NULL                -- milliseconds since the epoch; the largest number: at
                                           -- the next run
);
CREATE INDEX specimen_uploads_due ON specimen_uploads(due_at);
)sql";

constexpr char const* version_9 = R"sql(
-- A refusal lasts as long as its reason: revisit_at is when the image is asked for again by itself
-- (milliseconds since the epoch; 0: never, negative: no list names it any more), visits how often it
-- was, hangs_on the setting that refused, by its digest (0: none).
ALTER TABLE specimen_failures ADD COLUMN host INTEGER NOT NULL DEFAULT 0;  -- 0: not looked up yet
ALTER TABLE specimen_failures ADD COLUMN visits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE specimen_failures ADD COLUMN revisit_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE specimen_failures ADD COLUMN hangs_on INTEGER NOT NULL DEFAULT 0;
CREATE INDEX specimen_failures_revisit ON specimen_failures(host, revisit_at) WHERE revisit_at > 0;
)sql";

constexpr std::array<migration, 3> all{{{4, version_4}, {6, version_6}, {9, version_9}}};
static_assert(are_numbered(all, specimens_migrations));

}  // namespace

std::span<migration const> specimen_tables() noexcept {
  return all;
}

}  // namespace vinny
