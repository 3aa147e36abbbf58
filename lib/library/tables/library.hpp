// SPDX-License-Identifier: MIT
//
// The library in the catalog: albums, artists, and the text that a search looks in. Functions run
// inside catalog::write or catalog::read.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "catalog/database.hpp"
#include "library/model/library.hpp"
#include "library/model/library_rank.hpp"

namespace vinny {

/// Adds rows or brings them up to date; an address that is known stays where the list has none.
void put_library_rows(database& db, std::span<library_row const> rows);
void put_library_artists(database& db, std::span<library_artist const> artists);

/// Rows without artwork whose artist is known to Discogs, by id, from behind `after` on.
[[nodiscard]] std::vector<library_question> bare_rows(database& db, library_part part,
                                                      std::int64_t after, std::size_t most);

/// Gives rows their artwork, never over another one; the ids of those that took it.
[[nodiscard]] std::vector<std::int64_t> fill_artwork(database& db,
                                                     std::span<library_find const> found);

/// Gives up to `most` rows without a name that of their artist; how many took one.
[[nodiscard]] std::int64_t fill_artist_names(database& db, std::int64_t most);
/// Rows without a name whose artist has one, and whose artist does not exist.
[[nodiscard]] std::int64_t nameless_rows(database& db);

/// Rows in which each of the words begins some word of artist, album or label; first those whose
/// artist or album is the query, then those that have them whole. Where a word begins none, those
/// that differ from it by one letter stand for it.
[[nodiscard]] std::vector<library_hit> search_library(database& db, library_query const& query,
                                                      std::size_t most);

/// What these rows have for artwork; rows without are left out.
[[nodiscard]] std::map<std::int64_t, std::string> artwork_of(database& db,
                                                             std::vector<std::int64_t> const& ids);

}  // namespace vinny
