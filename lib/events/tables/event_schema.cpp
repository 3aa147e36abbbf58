// SPDX-License-Identifier: MIT
#include "events/tables/event_schema.hpp"

#include <array>

namespace vinny {
namespace {

// Times are RFC 3339 texts, except due_at: milliseconds since the epoch, since it is compared.
// Work lists are partial indexes over the state that a stage consumes.
constexpr char const* version_1 = R"sql(
CREATE TABLE sitemaps (
  site          TEXT NOT NULL,             -- URL of the sitemap that the venue names
  url           TEXT NOT NULL,
  etag          TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  children      TEXT NOT NULL,             -- JSON: an index's own sitemaps; [] for a list of pages
  PRIMARY KEY (site, url)
) WITHOUT ROWID;

CREATE TABLE pages (
  id            INTEGER PRIMARY KEY,
  site          TEXT NOT NULL,             -- URL of the sitemap that the venue names
  sitemap       TEXT NOT NULL,             -- the sitemap file that lists it
  url           TEXT NOT NULL,
  host          TEXT NOT NULL,
  lastmod       TEXT NOT NULL,             -- as the sitemap gives it; '' when it gives none
  etag          TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  sha256        TEXT NOT NULL DEFAULT '',  -- of the body that was read last
  state         TEXT NOT NULL,             -- pending done failed
  attempts      INTEGER NOT NULL DEFAULT 0,
  due_at        INTEGER NOT NULL DEFAULT 0,
  UNIQUE (site, url)
);
CREATE INDEX pages_pending ON pages(site, due_at) WHERE state = 'pending';

CREATE TABLE page_index (                  -- the per-venue index: read for whom, at which lastmod
  page_id   INTEGER NOT NULL,
  venue_tag TEXT NOT NULL,
  lastmod   TEXT NOT NULL,
  PRIMARY KEY (page_id, venue_tag)
) WITHOUT ROWID;

CREATE TABLE artists (
  slug     TEXT PRIMARY KEY,
  identity TEXT NOT NULL,                  -- see core/slug: names with one identity are one artist
  name     TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sightings (                   -- an event as one page tells it
  page_id     INTEGER NOT NULL,
  ordinal     INTEGER NOT NULL,
  venue_tag   TEXT NOT NULL,
  base_key    TEXT NOT NULL,               -- date-artist-venue
  record      TEXT NOT NULL,               -- JSON of model/event
  scraped_at  TEXT NOT NULL,
  PRIMARY KEY (page_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX sightings_by_key ON sightings(base_key);

CREATE TABLE events (                      -- what the sightings of one base_key add up to
  composite_key TEXT PRIMARY KEY,
  base_key      TEXT NOT NULL,
  venue_tag     TEXT NOT NULL,
  artist_slug   TEXT NOT NULL,             -- the headliner's
  event_date    TEXT NOT NULL,
  performers    TEXT NOT NULL,             -- JSON: [{name, slug}], headliner first
  record        TEXT NOT NULL,             -- JSON of model/event
  scraped_at    TEXT NOT NULL,
  created_at    TEXT NOT NULL,
  updated_at    TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX events_by_base ON events(base_key);
CREATE INDEX events_by_artist ON events(venue_tag, artist_slug);

CREATE TABLE images (                      -- one row a distinct image, by its URL
  id            INTEGER PRIMARY KEY,
  url           TEXT NOT NULL UNIQUE,
  host          TEXT NOT NULL,
  state         TEXT NOT NULL,             -- pending done rejected parked idle
  attempts      INTEGER NOT NULL DEFAULT 0,
  due_at        INTEGER NOT NULL DEFAULT 0,
  reason        TEXT NOT NULL DEFAULT '',
  evidence      TEXT NOT NULL DEFAULT '',
  corrupt_sha256 TEXT NOT NULL DEFAULT '', -- of the bytes that could not be decoded
  sha256        TEXT NOT NULL DEFAULT '',
  mime          TEXT NOT NULL DEFAULT '',
  width         INTEGER NOT NULL DEFAULT 0,
  height        INTEGER NOT NULL DEFAULT 0,
  bytes         INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX images_pending ON images(host, due_at) WHERE state = 'pending';

CREATE TABLE renditions (                  -- one file: an artist's picture at a venue, in a size
  venue_tag   TEXT NOT NULL,
  artist_slug TEXT NOT NULL,
  size        TEXT NOT NULL,
  candidates  TEXT NOT NULL,               -- JSON: image URLs, best first
  image_id    INTEGER,                     -- the candidate in use; NULL when all were rejected
  state       TEXT NOT NULL,               -- pending done failed
  stored      INTEGER NOT NULL DEFAULT 0,  -- 1: the store has confirmed this very file
  sha256      TEXT NOT NULL DEFAULT '',
  width       INTEGER NOT NULL DEFAULT 0,
  height      INTEGER NOT NULL DEFAULT 0,
  bytes       INTEGER NOT NULL DEFAULT 0,
  source_mime TEXT NOT NULL DEFAULT '',    -- what the original was
  attempts    INTEGER NOT NULL DEFAULT 0,  -- of storing it
  due_at      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (venue_tag, artist_slug, size)
) WITHOUT ROWID;
CREATE INDEX renditions_by_image ON renditions(image_id);
CREATE INDEX renditions_to_store ON renditions(due_at) WHERE state = 'done' AND stored = 0;

CREATE TABLE objects (                     -- what the store has confirmed
  key          TEXT PRIMARY KEY,
  etag         TEXT NOT NULL,
  sha256       TEXT NOT NULL,
  bytes        INTEGER NOT NULL,
  confirmed_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE adopted (                     -- files that an older installation left, by its manifest
  path   TEXT PRIMARY KEY,                 -- under data_dir
  sha256 TEXT NOT NULL                     -- '' when the manifest does not tell
) WITHOUT ROWID;

CREATE TABLE published (                   -- rows that a target has confirmed
  target TEXT NOT NULL,                    -- local, script
  key    TEXT NOT NULL,                    -- table and primary key
  digest TEXT NOT NULL,
  PRIMARY KEY (target, key)
) WITHOUT ROWID;
)sql";

constexpr char const* version_2 = R"sql(
ALTER TABLE renditions ADD COLUMN
  versioned INTEGER NOT NULL DEFAULT 0;    -- 1: its key has held other content, or was lost: the
                                           -- public URL carries a version
)sql";

constexpr char const* version_3 = R"sql(
ALTER TABLE renditions ADD COLUMN
  md5 TEXT NOT NULL DEFAULT '';            -- for Content-MD5; '' when not known yet
DROP INDEX renditions_to_store;            -- with its own condition in it, it can be counted alone
CREATE INDEX renditions_to_store ON renditions(due_at, state, stored)
  WHERE state = 'done' AND stored = 0;
)sql";

constexpr char const* version_9 = R"sql(
ALTER TABLE images ADD COLUMN visits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN revisit_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN hangs_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN refused_at INTEGER NOT NULL DEFAULT 0;  -- milliseconds; 0: not known
UPDATE images SET revisit_at = 1 WHERE state = 'rejected' AND (reason NOT IN ('not_an_image',
  'image_type_unsupported', 'image_bomb', 'image_corrupt_again') OR evidence LIKE '<%');

-- Up to these rows addresses may be spelled as versions before 9 spelled them.
INSERT INTO notes (name, value) SELECT 'old_spelling.images', max(id) FROM images HAVING max(id) > 0;
INSERT INTO notes (name, value) SELECT 'old_spelling.pages', max(id) FROM pages HAVING max(id) > 0;
)sql";

constexpr std::array<migration, 4> all{
    {{1, version_1}, {2, version_2}, {3, version_3}, {9, version_9}}};
static_assert(are_numbered(all, events_migrations));

}  // namespace

std::span<migration const> event_tables() noexcept {
  return all;
}

}  // namespace vinny
