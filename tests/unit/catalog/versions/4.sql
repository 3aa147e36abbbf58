PRAGMA user_version = 4;
PRAGMA application_id = 1447644761;
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
  due_at      INTEGER NOT NULL DEFAULT 0, versioned INTEGER NOT NULL DEFAULT 0, md5 TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (venue_tag, artist_slug, size)
) WITHOUT ROWID;
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
INSERT INTO runs (id, pipeline, params, state, created_at, started_at, finished_at, counts, error) VALUES ('id 1', 'pipeline 2', '{}', 'state 4', 'created_at 5', 'started_at 6', 'finished_at 7', '{}', 'error 9');
INSERT INTO errors (id, run_id, step, key, url, reason, message, evidence, attempts, at) VALUES (1, 'run_id 2', 'step 3', 'key 4', 'url 5', 'reason 6', 'message 7', 'evidence 8', 9, 'at 10');
INSERT INTO sitemaps (site, url, etag, last_modified, children) VALUES ('site 1', 'url 2', 'etag 3', 'last_modified 4', 'children 5');
INSERT INTO pages (id, site, sitemap, url, host, lastmod, etag, last_modified, sha256, state, attempts, due_at) VALUES (1, 'site 2', 'sitemap 3', 'url 4', 'host 5', 'lastmod 6', 'etag 7', 'last_modified 8', 'sha256 9', 'state 10', 11, 12);
INSERT INTO page_index (page_id, venue_tag, lastmod) VALUES (1, 'venue_tag 2', 'lastmod 3');
INSERT INTO artists (slug, identity, name) VALUES ('slug 1', 'identity 2', 'name 3');
INSERT INTO sightings (page_id, ordinal, venue_tag, base_key, record, scraped_at) VALUES (1, 2, 'venue_tag 3', 'base_key 4', '{}', 'scraped_at 6');
INSERT INTO events (composite_key, base_key, venue_tag, artist_slug, event_date, performers, record, scraped_at, created_at, updated_at) VALUES ('composite_key 1', 'base_key 2', 'venue_tag 3', 'artist_slug 4', 'event_date 5', '[]', '{}', 'scraped_at 8', 'created_at 9', 'updated_at 10');
INSERT INTO images (id, url, host, state, attempts, due_at, reason, evidence, corrupt_sha256, sha256, mime, width, height, bytes) VALUES (1, 'url 2', 'host 3', 'state 4', 5, 6, 'reason 7', 'evidence 8', 'corrupt_sha256 9', 'sha256 10', 'mime 11', 12, 13, 14);
INSERT INTO renditions (venue_tag, artist_slug, size, candidates, image_id, state, stored, sha256, width, height, bytes, source_mime, attempts, due_at, versioned, md5) VALUES ('venue_tag 1', 'artist_slug 2', 'size 3', '[]', 5, 'state 6', 7, 'sha256 8', 9, 10, 11, 'source_mime 12', 13, 14, 15, 'md5 16');
INSERT INTO objects (key, etag, sha256, bytes, confirmed_at) VALUES ('key 1', 'etag 2', 'sha256 3', 4, 'confirmed_at 5');
INSERT INTO adopted (path, sha256) VALUES ('path 1', 'sha256 2');
INSERT INTO published (target, key, digest) VALUES ('target 1', 'key 2', 'digest 3');
INSERT INTO hosts (host, cooldown_until, breaker_until, failures) VALUES ('host 1', 'cooldown_until 2', 'breaker_until 3', 4);
INSERT INTO robots (origin, status, body, fetched_at) VALUES ('origin 1', 2, 'body 3', 'fetched_at 4');
INSERT INTO notes (name, value) VALUES ('name 1', 'value 2');
INSERT INTO specimen_hosts (id, name, pending, success, failed_transient, failed_permanent, exhausted) VALUES (1, 'name 2', 3, 4, 5, 6, 7);
INSERT INTO specimen_images (id, host, state, urls) VALUES (1, 2, 3, 'urls 4');
INSERT INTO specimen_failures (id, reason, http_status, detail, corrupt_sha256, attempts, due_at, at) VALUES (1, 'reason 2', 3, 'detail 4', 'corrupt_sha256 5', 6, 7, 8);
INSERT INTO specimen_files (id, sha256, bytes, width, height, kind, extension, at) VALUES (1, x'02', 3, 4, 5, 6, 'extension 7', 8);
INSERT INTO specimen_totals (name, n) VALUES ('name 1', 2);
INSERT INTO specimen_rejects (line, reason, text) VALUES (1, 'reason 2', 'text 3');
CREATE INDEX runs_active ON runs(state) WHERE state IN ('queued', 'running');
CREATE INDEX errors_of_run ON errors(run_id);
CREATE INDEX pages_pending ON pages(site, due_at) WHERE state = 'pending';
CREATE INDEX sightings_by_key ON sightings(base_key);
CREATE INDEX events_by_base ON events(base_key);
CREATE INDEX events_by_artist ON events(venue_tag, artist_slug);
CREATE INDEX images_pending ON images(host, due_at) WHERE state = 'pending';
CREATE INDEX renditions_by_image ON renditions(image_id);
CREATE INDEX renditions_to_store ON renditions(due_at, state, stored)
  WHERE state = 'done' AND stored = 0;
CREATE INDEX specimen_images_pending ON specimen_images(host) WHERE state = 0;
CREATE INDEX specimen_failures_due ON specimen_failures(due_at) WHERE due_at > 0;
CREATE INDEX specimen_failures_reason ON specimen_failures(reason, id);
