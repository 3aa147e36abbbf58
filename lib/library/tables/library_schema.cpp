// SPDX-License-Identifier: MIT
#include "library/tables/library_schema.hpp"

#include <array>

namespace vinny {
namespace {

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

constexpr std::array<migration, 1> all{{{8, version_8}}};
static_assert(are_numbered(all, library_migrations));

}  // namespace

std::span<migration const> library_tables() noexcept {
  return all;
}

}  // namespace vinny
