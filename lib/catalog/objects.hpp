// SPDX-License-Identifier: MIT
//
// The ledger of the store: which renditions still have to be put, and what the store has
// confirmed. Functions run inside catalog::write or catalog::read.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "catalog/database.hpp"
#include "model/rendition.hpp"

namespace vinny {

struct object_job {
  rendition_id id;
  std::string sha256;
  std::int64_t bytes = 0;
  int attempts = 0;
};

/// Renditions on disk that the store has not confirmed, and that are due.
[[nodiscard]] std::vector<object_job> due_objects(database& db, std::int64_t now_ms,
                                                  std::set<std::string> const& active_keys,
                                                  std::size_t limit);
/// The store has this very file.
void object_confirmed(database& db, object_job const& job, std::string const& etag,
                      std::string const& at);
void object_postponed(database& db, object_job const& job, int attempts, std::int64_t due_ms);
/// The store has lost or never had it: it is to be put again.
void object_missing(database& db, rendition_id const& id);
/// At the start of a run: attempts begin anew.
void revive_objects(database& db);

}  // namespace vinny
