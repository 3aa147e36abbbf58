// SPDX-License-Identifier: MIT
//
// What the lookup service has answered, row by row: first what is not in the library yet, so that
// nothing is asked again after a crash, then that there was nothing. Functions run inside
// catalog::write or catalog::read.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/database.hpp"

namespace vinny {

/// The note in which a backfill keeps how far it is.
inline constexpr auto backfill_note = "library_backfill";

struct kept_lookup {
  std::string url{};            // empty: there is no artwork
  std::int64_t checked_ms = 0;  // milliseconds since the epoch
  bool settled = false;         // the library has it
};

/// From now on all this is about that library; what was known of another one is forgotten.
void take_library(database& db, std::string const& name);

void keep_lookup(database& db, std::int64_t row, std::string const& url, std::int64_t at_ms);

/// What is known of these rows.
[[nodiscard]] std::map<std::int64_t, kept_lookup> kept_lookups(
    database& db, std::vector<std::int64_t> const& ids);

/// Artwork that the library may not have yet, by row.
[[nodiscard]] std::map<std::int64_t, std::string> unsettled_artwork(database& db);

/// The library has what these rows' answers were; only that there was nothing stays known.
void settle_lookups(database& db, std::vector<std::int64_t> const& ids);

}  // namespace vinny
