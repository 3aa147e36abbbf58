// SPDX-License-Identifier: MIT
//
// How far a backfill is, as it is kept from one batch to the next. Pure.
#pragma once

#include <optional>
#include <string>

#include "library/model/library.hpp"
#include "library/model/library_counts.hpp"
#include "model/run.hpp"

namespace vinny {

struct backfill_progress {
  library_part part;
  bool recheck = false;
  bool fallback = false;
  std::int64_t began_ms = 0;
  std::int64_t last = before_all_rows;  // rows up to here are done
  library_counts counts{};

  [[nodiscard]] bool same_work(backfill_progress const& other) const noexcept {
    return part == other.part && recheck == other.recheck && fallback == other.fallback;
  }
};

/// Those counts of an earlier part of the work that this one goes on with.
void take_counts(library_counts& into, library_counts const& from);

[[nodiscard]] std::string to_text(backfill_progress const& p);
/// Nothing when it is of another version.
[[nodiscard]] std::optional<backfill_progress> backfill_from_text(std::string const& text);

}  // namespace vinny
