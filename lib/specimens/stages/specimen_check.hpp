// SPDX-License-Identifier: MIT
//
// Whether the catalog is whole, its counts are those of its rows, and files are what was recorded.
// Read-only.
#pragma once

#include <string>
#include <vector>

#include "blob/file.hpp"
#include "catalog/database.hpp"

namespace vinny {

struct specimen_check {
  std::vector<std::string> damage;  // of the database; empty: none
  bool counts_agree = true;
  std::int64_t checked = 0;  // files
  std::vector<std::string> missing;
  std::vector<std::string> changed;

  [[nodiscard]] bool good() const noexcept {
    return damage.empty() && counts_agree && missing.empty() && changed.empty();
  }
};

/// Looks at all files when they are at most `sample`, else at so many from anywhere. Throws
/// SQLite::Exception.
[[nodiscard]] specimen_check check_specimens(database& db, file_root const& files, int sample);
[[nodiscard]] std::string to_json(specimen_check const& found);
[[nodiscard]] std::string to_text(specimen_check const& found);

}  // namespace vinny
