// SPDX-License-Identifier: MIT
#include "catalog/schema.hpp"

#include <fmt/format.h>

#include <array>

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

constexpr char const* version_5 = R"sql(
ALTER TABLE hosts ADD COLUMN errors INTEGER NOT NULL DEFAULT 0;   -- since it was first asked, or
ALTER TABLE hosts ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;  -- released
ALTER TABLE hosts ADD COLUMN quarantined_at TEXT NOT NULL DEFAULT '';
ALTER TABLE hosts ADD COLUMN set_delay_ms INTEGER;                -- the operator's; NULL: as
ALTER TABLE hosts ADD COLUMN set_concurrency INTEGER;             -- configured
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

constexpr char const* version_8 = R"sql(
CREATE TABLE library_artists (
  id                INTEGER PRIMARY KEY,
  artist_name       TEXT NOT NULL,
  discogs_artist_id INTEGER                -- NULL: Discogs does not know the artist
);

CREATE TABLE library (                     -- albums
  id           INTEGER PRIMARY KEY,
  artist_id    INTEGER NOT NULL,
  album_title  TEXT NOT NULL,
  artist_name  TEXT,                       -- the artist's, taken over; NULL: not yet
  label        TEXT NOT NULL,              -- '': not known
  artwork_url  TEXT,                       -- NULL: none is known
  discogs_unavailable INTEGER NOT NULL     -- 1: not to be asked for
);
CREATE INDEX library_of_artist ON library(artist_id);
CREATE INDEX library_bare ON library(id) WHERE artwork_url IS NULL AND discogs_unavailable = 0;
CREATE INDEX library_nameless ON library(id) WHERE artist_name IS NULL;

CREATE VIRTUAL TABLE library_text USING fts5(  -- by library.id; folded words
  artist, album, label, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0');
CREATE TABLE library_words (               -- the words of that text, with one letter less, too
  form TEXT NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (form, word)
) WITHOUT ROWID;

CREATE TABLE library_lookups (
  row_id     INTEGER PRIMARY KEY,          -- of the library, wherever that is
  url        TEXT NOT NULL,                -- '': there is no artwork
  checked_ms INTEGER NOT NULL,             -- milliseconds since the epoch
  settled    INTEGER NOT NULL              -- 1: the library has it
);
CREATE INDEX library_lookups_unsettled ON library_lookups(row_id) WHERE settled = 0;
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

ALTER TABLE images ADD COLUMN visits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN revisit_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN hangs_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN refused_at INTEGER NOT NULL DEFAULT 0;  -- milliseconds; 0: not known
UPDATE images SET revisit_at = 1 WHERE state = 'rejected' AND (reason NOT IN ('not_an_image',
  'image_type_unsupported', 'image_bomb', 'image_corrupt_again') OR evidence LIKE '<%');

ALTER TABLE hosts ADD COLUMN released_at TEXT NOT NULL DEFAULT '';  -- what was refused before it is
                                                                    -- asked for again

-- Up to these rows addresses may be spelled as versions before 9 spelled them.
INSERT INTO notes (name, value) SELECT 'old_spelling.images', max(id) FROM images HAVING max(id) > 0;
INSERT INTO notes (name, value) SELECT 'old_spelling.pages', max(id) FROM pages HAVING max(id) > 0;
INSERT INTO notes (name, value) SELECT 'old_spelling.captures', max(id) FROM captures
  HAVING max(id) > 0;
)sql";

constexpr std::array steps{version_1, version_2, version_3, version_4, version_5,
                           version_6, version_7, version_8, version_9};
static_assert(steps.size() == catalog_version);

}  // namespace

result<> migrate(database& db, std::filesystem::path const& file) {
  auto const version = static_cast<int>(db.number("PRAGMA user_version"));
  auto const application = static_cast<int>(db.number("PRAGMA application_id"));
  auto const tables = db.number("SELECT count(*) FROM sqlite_master");
  if (version > catalog_version) {
    return fail(errc::catalog_newer,
                fmt::format("{}: written by a newer version of vinny (catalog version {}, this "
                            "program knows {}); install that version or use another data_dir",
                            file.string(), version, catalog_version));
  }
  if (tables > 0 && application != catalog_application_id) {
    return fail(errc::catalog_corrupt,
                fmt::format("{}: an SQLite database, but not a catalog of vinny; use another "
                            "data_dir or move the file away",
                            file.string()));
  }
  if (version == catalog_version) return {};
  SQLite::Transaction transaction{db.handle()};
  for (auto i = static_cast<std::size_t>(version); i < steps.size(); ++i) {
    db.handle().exec(steps[i]);
  }
  db.handle().exec(fmt::format("PRAGMA application_id = {}", catalog_application_id));
  db.handle().exec(fmt::format("PRAGMA user_version = {}", catalog_version));
  transaction.commit();
  return {};
}

}  // namespace vinny
