// SPDX-License-Identifier: MIT
//
// Files of specimens that a store has not confirmed. A row comes with the file's own, in one
// transaction, from the time when a store was first named, and goes when the store has it.
// Functions run inside catalog::write or catalog::read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.hpp"
#include "specimens/model/specimen.hpp"

namespace vinny {

struct specimen_object {
  specimen_image_id id;
  std::string extension;
  std::string sha256;  // hex; empty: not known
  std::int64_t bytes = 0;
  int attempts = 0;

  [[nodiscard]] std::string key() const { return id.key(extension); }
};

/// The store that the rows are of; none: files are not noted.
[[nodiscard]] std::optional<std::string> specimen_store(database& db);
/// From now on they are of `store`, which has none of the files.
void take_specimen_store(database& db, std::string const& store);
/// Forgets the rows of a former store, then notes files that were there before: at most `most` a
/// call. False: all are noted.
[[nodiscard]] bool note_earlier_files(database& db, std::int64_t most);

/// A file is there, or is another one.
void note_specimen_file(database& db, specimen_image_id id);

[[nodiscard]] std::vector<specimen_object> due_specimen_objects(
    database& db, std::int64_t now_ms, std::set<std::int64_t> const& active, std::size_t limit);
struct specimen_objects_left {
  std::int64_t pending = 0;  // counted up to 100,000
  std::int64_t next_due_ms = 0;
};
[[nodiscard]] specimen_objects_left specimen_objects_outlook(database& db);

/// The store has this very file. A newer one that has come meanwhile stays noted.
void specimen_object_confirmed(database& db, specimen_object const& one);
/// Due again, or at the next run.
void specimen_object_postponed(database& db, specimen_image_id id, int attempts,
                               std::int64_t due_ms);
inline constexpr std::int64_t next_run_ms = INT64_MAX;
/// At the start of a run: attempts begin anew.
void revive_specimen_objects(database& db);

}  // namespace vinny
