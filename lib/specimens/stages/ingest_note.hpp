// SPDX-License-Identifier: MIT
//
// How far an ingest is, as the catalog remembers it: written with each batch, in its transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/database.hpp"

namespace vinny {

/// When all specimens were forgotten last (RFC 3339): files from before may be of other images.
inline std::string const reset_note = "specimens.reset_at";

struct ingest_note {
  enum class phase { direct, sorting, merging };

  std::string fingerprint;  // of the file
  std::string rules{};      // digest of those for variants; empty: there are none
  phase doing = phase::direct;
  std::int64_t position = 0;  // unpacked bytes and lines of the file that are done with
  std::int64_t line = 0;
  std::int64_t after = 0;  // the last gbifID that is in the catalog
  int runs = 0;            // that are sorted
  std::int64_t rows = 0;
  std::int64_t rejected = 0;
  std::int64_t images = 0;
  std::int64_t specimens = 0;
  std::int64_t retired = 0;
};

/// The ingest that was cut off; nothing when none was.
[[nodiscard]] std::optional<ingest_note> unfinished_ingest(database& db);
void keep_ingest(database& db, ingest_note const& note);
/// It is finished: the note becomes that of the last list.
void finish_ingest(database& db, ingest_note const& note, std::string const& at);

}  // namespace vinny
