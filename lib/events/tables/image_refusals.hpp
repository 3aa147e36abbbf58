// SPDX-License-Identifier: MIT
//
// Artists' images that were refused, and how they are opened again. Only where something hangs on
// it: of a rendition that has no picture each candidate counts, of one that has, the better ones.
// Functions run inside catalog::write or catalog::read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/database.hpp"

namespace vinny {

struct refused_image {
  std::int64_t id = 0;
  std::string host;
  std::int64_t hangs_on = 0;
};

/// Refused by a setting.
[[nodiscard]] std::vector<refused_image> pictures_held_by_settings(database& db);
/// Of each rendition that has no picture, the best candidate whose time has come, or that was
/// refused before the operator released its host.
[[nodiscard]] std::vector<refused_image> pictures_to_revisit(database& db, std::int64_t now_ms);

/// They are asked for again; renditions turn to the best that they may have. `visit`: it counts as
/// one.
void reopen_pictures(database& db, std::span<std::int64_t const> ids, bool visit);

/// How many pictures are missing because all of their candidates were refused, and when the first
/// of those is asked for again by itself; 0: none is.
struct missing_pictures {
  std::int64_t count = 0;
  std::int64_t next_ms = 0;
};
[[nodiscard]] missing_pictures count_missing_pictures(database& db);

/// Which refusals the operator means; what is left out is any.
struct picture_filter {
  std::optional<std::string> reason{};  // an errc's name
  std::optional<std::string> host{};    // by its bare name
  std::int64_t since_ms = 0;
};
/// By reason; `apply`: they are opened again.
[[nodiscard]] std::map<std::string, std::int64_t> retry_pictures(database& db,
                                                                 picture_filter const& which,
                                                                 bool apply);

/// Nothing is due later than the rules can have it: a clock was ahead when it was written down.
void clamp_image_times(database& db, std::int64_t latest_due_ms, std::int64_t latest_visit_ms);

}  // namespace vinny
