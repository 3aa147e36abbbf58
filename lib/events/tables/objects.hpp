// SPDX-License-Identifier: MIT
//
// The ledger of the store: which renditions still have to be put, and what the store has
// confirmed. Functions run inside catalog::write or catalog::read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.hpp"
#include "events/model/rendition.hpp"

namespace vinny {

struct object_job {
  rendition_id id;
  std::string sha256;
  std::string md5{};  // may be empty: not known
  std::int64_t bytes = 0;
  int attempts = 0;
  bool known = false;  // the store has confirmed an object under this key
};

/// Renditions on disk that the store has not confirmed, and that are due.
[[nodiscard]] std::vector<object_job> due_objects(database& db, std::int64_t now_ms,
                                                  std::set<std::string> const& active_keys,
                                                  std::size_t limit);
/// The store has this very file. `replaced`: other content was there before. Once a key has held
/// other content, its public URL carries a version: caches may still have the old one.
void object_confirmed(database& db, object_job const& job, std::string const& etag,
                      std::string const& at, bool replaced = false);
void object_postponed(database& db, object_job const& job, int attempts, std::int64_t due_ms);

struct confirmed_object {
  rendition_id id;
  std::string etag;
  std::string confirmed_at;
  std::int64_t bytes = 0;
};
/// What the store has confirmed of renditions after `after`, in the order of their ids.
[[nodiscard]] std::vector<confirmed_object> confirmed_objects(database& db,
                                                              rendition_id const& after,
                                                              std::size_t limit);
/// The store has lost it, or has something else: it is to be put again. Its public URL gets a
/// version, since a cache may have kept the answer to its absence.
void object_missing(database& db, rendition_id const& id);
/// False: another file has been confirmed under the key since.
[[nodiscard]] bool is_still_confirmed(database& db, confirmed_object const& one);
/// The ledger is of one store, and says nothing of another.
/// The store whose objects are recorded, by its name; "": of one before names were kept; nothing:
/// there are none.
[[nodiscard]] std::optional<std::string> ledger_owner(database& db);

enum class ledger_of { this_store, another_store, nothing_yet };
[[nodiscard]] ledger_of whose_ledger(database& db, std::string const& store);
/// From now on it is of `store`; what another one has confirmed is forgotten.
void take_store(database& db, std::string const& store);
/// Before other content is sent under a key: until that is confirmed, nobody knows what is there.
void object_in_doubt(database& db, object_job const& job);
/// At the start of a run: attempts begin anew.
void revive_objects(database& db);

}  // namespace vinny
