// SPDX-License-Identifier: MIT
//
// Thumbnails as they are made: one at a time for each capture and label, in all processes on this
// catalog. An object of ours in the store is named by a row, or is doomed, from before it exists
// until it is gone. Functions run inside catalog::write or catalog::read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "captures/model/capture.hpp"
#include "captures/model/capture_settings.hpp"
#include "catalog/database.hpp"
#include "config/config.hpp"

namespace vinny {

/// Leave to make a thumbnail, for a while.
struct thumbnail_lease {
  capture of;
  std::string label;
  std::string key;    // under which it is to be stored; doomed until finish_thumbnail()
  std::string token;  // nobody else has it
};

struct lease_terms {
  std::string token;  // lower-case hex digits, random
  std::int64_t now_ms = 0;
  std::int64_t until_ms = 0;   // when the lease ends unless it is renewed
  std::int64_t doomed_ms = 0;  // when an object that nobody finished is removed
};

struct thumbnail_start {
  enum class outcome { valid, leased, busy, unknown } how = outcome::unknown;
  std::string key{};        // of a valid one
  thumbnail_lease lease{};  // when leased
};
/// `valid`: there is one by now; `busy`: another has the lease; `unknown`: no such capture.
[[nodiscard]] thumbnail_start begin_thumbnail(database& db, std::int64_t id,
                                              thumbnail_size const& size, lease_terms const& terms);
[[nodiscard]] bool is_leased(database& db, std::int64_t capture, std::string const& label,
                             std::int64_t now_ms);
/// False: it has ended and another took it.
[[nodiscard]] bool renew_lease(database& db, thumbnail_lease const& lease, std::int64_t until_ms);
/// The object is stored: it is the thumbnail from now on, and what was before is doomed for
/// `former_ms`. `gone`: the capture is; `overtaken`: the object's own doom, or another store, came
/// before.
enum class thumbnail_end { kept, gone, overtaken };
[[nodiscard]] thumbnail_end finish_thumbnail(database& db, thumbnail_lease const& lease,
                                             thumbnail const& made, std::int64_t former_ms);
/// It could not be made: what may have been stored goes.
void abandon_thumbnail(database& db, thumbnail_lease const& lease, std::int64_t now_ms);

/// An object of ours that is to be removed, at that time. An empty key is none.
void doom_object(database& db, std::string const& key, std::int64_t due_ms);
/// False: it was not doomed any more, and may be gone.
bool spare_object(database& db, std::string const& key);
[[nodiscard]] std::vector<std::string> doomed_objects(database& db, std::int64_t now_ms,
                                                      std::size_t limit);

struct stored_thumbnail {
  std::int64_t capture = 0;
  std::string label;
  std::string key;
};
/// In the order of captures and labels, after one of them.
[[nodiscard]] std::vector<stored_thumbnail> stored_thumbnails(
    database& db, std::pair<std::int64_t, std::string> const& after, std::size_t limit);
/// Thumbnails are in one store, and nothing is known of another: with another one than before, all
/// of them are made anew when they are asked for.
void take_thumbnail_store(database& db, std::string const& store);
/// Which one that is; empty: none was taken.
[[nodiscard]] std::string thumbnail_store(database& db);
/// Its object is gone: it is made again when it is next asked for. False: it was replaced since.
bool thumbnail_lost(database& db, stored_thumbnail const& one);
/// Whether a key, which read_thumbnail_key() understands, is that of a row or is doomed.
[[nodiscard]] bool is_known_object(database& db, std::int64_t capture, std::string const& key);
/// What the keys of this catalog's thumbnails have in common: 8 hex digits, made at the first use.
[[nodiscard]] std::string catalog_tag(database& db);
[[nodiscard]] std::optional<std::string> known_catalog_tag(database& db);

}  // namespace vinny
