// SPDX-License-Identifier: MIT
//
// The text of proto/d1.sql, so that the programs need no file beside them. A test holds the two
// together byte for byte: change both.
#include "events/publish/script.hpp"

namespace vinny {

std::string_view schema_sql() noexcept {
  return R"sql(-- The published database: what a site reads. Five tables, parents first. Rows are upserted by
-- primary key; a published table is never altered, so a new column means a new database.
CREATE TABLE IF NOT EXISTS artists (
  id    TEXT NOT NULL PRIMARY KEY,  -- UUID v5 of the slug
  slug  TEXT NOT NULL UNIQUE,
  name  TEXT NOT NULL,
  bio   TEXT,
  image TEXT                        -- URL of the largest stored rendition
);

CREATE TABLE IF NOT EXISTS events (
  id               TEXT NOT NULL PRIMARY KEY,  -- UUID v5 of composite_key
  composite_key    TEXT NOT NULL UNIQUE,       -- <event_date>-<headliner>-<venue>
  title            TEXT,
  description      TEXT,
  event_date       TEXT NOT NULL,  -- YYYY-MM-DD, local
  event_time       TEXT,           -- HH:MM, local; NULL: the page gives a date only
  starts_at        TEXT,           -- RFC 3339 with the venue's offset; NULL: a date only
  venue            TEXT,           -- registered name
  venue_id         TEXT,           -- slug of the registered name
  venue_tag        TEXT,
  url              TEXT,
  artist_name      TEXT,           -- the headliner
  artist_slug      TEXT,
  artist_image_url TEXT,           -- set only when the store has confirmed the object
  status           TEXT,           -- scheduled cancelled postponed rescheduled moved_online
  scraped_at       TEXT,
  created_at       TEXT,           -- of the first insert; updates keep it
  updated_at       TEXT
);
CREATE INDEX IF NOT EXISTS events_by_date ON events (event_date);

CREATE TABLE IF NOT EXISTS event_artists (
  event_id   TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  artist_id  TEXT NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
  sort_order INTEGER,  -- 0: the headliner
  role       TEXT,
  PRIMARY KEY (event_id, artist_id)
);
CREATE INDEX IF NOT EXISTS event_artists_by_artist ON event_artists (artist_id);

CREATE TABLE IF NOT EXISTS images (
  artist_id TEXT NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
  venue_tag TEXT NOT NULL,
  size      TEXT NOT NULL,  -- label of the rendition: main, hd
  r2_url    TEXT NOT NULL,  -- direct, public
  mime_type TEXT,
  width     INTEGER,        -- pixels
  height    INTEGER,
  bytes     INTEGER,
  sha256    TEXT,           -- of the object, 64 hex digits
  PRIMARY KEY (artist_id, venue_tag, size)
);

CREATE TABLE IF NOT EXISTS table_tiers (
  event_id  TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  venue_id  TEXT,
  tier      TEXT NOT NULL,
  price     REAL,     -- in the venue's currency
  guests    INTEGER,
  available INTEGER,  -- 1 or 0; NULL: not told
  PRIMARY KEY (event_id, tier)
);
)sql";
}

}  // namespace vinny
