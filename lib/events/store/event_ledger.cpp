// SPDX-License-Identifier: MIT
#include "events/store/event_ledger.hpp"

#include <fmt/format.h>

#include "events/model/rendition.hpp"
#include "events/store/validate_store.hpp"

namespace vinny {

task<result<>> event_ledger::verify(run_context& run) const {
  return validate_store(run);
}

std::string event_ledger::confirmed_key(database& db) const {
  std::string out;
  db.query("SELECT venue_tag, artist_slug, size FROM renditions WHERE stored = 1 LIMIT 1",
           [&](SQLite::Statement& row) {
             out = rendition_id{row.getColumn(0).getString(), row.getColumn(1).getString(),
                                row.getColumn(2).getString()}
                       .key();
           });
  return out;
}

std::string event_ledger::line(tally const& counts) const {
  auto const all = counts["objects_unchanged"] + counts["objects_lost"] + counts["objects_changed"];
  return fmt::format("{} objects, {} lost", all, counts["objects_lost"]);
}

std::string event_ledger::report(tally const& counts) const {
  if (mismatches(counts) == 0) return {};
  return fmt::format(
      "  objects  {} had been lost, {} had become something else: vinny images upload-r2 "
      "puts them again\n",
      counts["objects_lost"], counts["objects_changed"]);
}

std::int64_t event_ledger::mismatches(tally const& counts) const {
  return counts["objects_lost"] + counts["objects_changed"];
}

}  // namespace vinny
