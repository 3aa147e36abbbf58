// SPDX-License-Identifier: MIT
//
// What must be sent so that a published database equals the wanted rows. Pure: what was
// published before comes as an argument.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "events/publish/row.hpp"

namespace vinny {

struct change {
  enum class kind { upsert, remove };
  kind what = kind::upsert;
  row value;        // of a removal only the key columns are set
  std::string key;  // key_of(value)
  std::string
      digest;  // to record under the key once the change is confirmed; empty: forget the key
};

/// Upserts of the rows that are new or whose digest differs (of all rows when `full`), and
/// removals of the published keys that are no longer wanted. Removals come first, children before
/// parents; then upserts, parents before children, each table in the order of `wanted`. Of two
/// wanted rows with one key the first counts. Published keys that key_of() cannot have made are
/// passed over.
/// `published` maps key_of() to digest_of() as they were last confirmed.
[[nodiscard]] std::vector<change> difference(std::vector<row> const& wanted,
                                             std::map<std::string, std::string> const& published,
                                             bool full);

/// Key and digest of each change: what the catalog notes of it.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> marks_of(
    std::span<change const> changes);

/// The same changes in the order in which foreign keys allow them (see difference()); changes of
/// one kind and table keep their order. The pointers are into `changes`.
[[nodiscard]] std::vector<change const*> in_safe_order(std::span<change const> changes);

}  // namespace vinny
