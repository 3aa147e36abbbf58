// SPDX-License-Identifier: MIT
//
// Captures as they are listed and kept in step with their sources. Functions run inside
// catalog::write or catalog::read.
#pragma once

#include <string>
#include <vector>

#include "captures/model/capture.hpp"
#include "catalog/database.hpp"

namespace vinny {

struct listed_capture {
  capture what;
  std::vector<thumbnail> thumbnails;  // of any label, also of sizes that are gone
};

struct capture_filter {
  std::string collection;           // empty: all
  std::int64_t before = INT64_MAX;  // ids below this
  std::size_t limit = 50;
};
/// The newest first, by two statements whatever the length.
[[nodiscard]] std::vector<listed_capture> list_captures(database& db, capture_filter const& which);
[[nodiscard]] std::optional<listed_capture> find_capture(database& db, std::int64_t id);

struct added_capture {
  std::int64_t id = 0;
  bool fresh = false;  // false: the collection had it already
};
[[nodiscard]] added_capture add_capture(database& db, capture const& what);

/// Its thumbnails, and what we have stored of it, are doomed (catalog/thumbnails). False: there is
/// no such capture.
bool remove_capture(database& db, std::int64_t id, std::int64_t doomed_ms);

/// What is at a source between two locations, both in the order of their bytes.
struct source_stretch {
  std::string collection;
  capture_origin origin = capture_origin::directory;
  std::string after;  // not this one
  std::string to;     // this one, too
  std::vector<capture> found{};
};
struct stretch_changes {
  std::vector<capture> fresh{};    // without an id
  std::vector<capture> changed{};  // with the version that they get
  std::vector<std::int64_t> gone{};
  bool more = false;  // there are more of those that are gone

  [[nodiscard]] bool none() const noexcept {
    return fresh.empty() && changed.empty() && gone.empty();
  }
};
/// Compares without writing; of those that are gone, at most `most_gone`.
[[nodiscard]] stretch_changes compare_stretch(database& db, source_stretch const& what,
                                              std::size_t most_gone);
void apply_changes(database& db, stretch_changes const& what, std::int64_t doomed_ms);
/// Those that were uploaded, with ids above `after`, in that order.
[[nodiscard]] std::vector<capture> uploaded_captures(database& db, std::int64_t after,
                                                     std::size_t limit);
[[nodiscard]] bool has_captures(database& db, std::string const& collection, capture_origin origin);

}  // namespace vinny
