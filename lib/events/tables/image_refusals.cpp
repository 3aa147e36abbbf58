// SPDX-License-Identifier: MIT
#include "events/tables/image_refusals.hpp"

#include <algorithm>
#include <set>

#include "core/host_name.hpp"
#include "core/time.hpp"
#include "events/tables/images.hpp"
#include "events/tables/records.hpp"

namespace vinny {
namespace {

struct candidate_list {
  rendition_id id;
  std::vector<std::string> addresses;
};

std::vector<candidate_list> renditions_without_picture(database& db) {
  std::vector<candidate_list> out;
  db.query("SELECT venue_tag, artist_slug, size, candidates FROM renditions WHERE state = 'failed'",
           [&](SQLite::Statement& row) {
             out.push_back({{row.getColumn(0).getString(), row.getColumn(1).getString(),
                             row.getColumn(2).getString()},
                            strings_from_record(row.getColumn(3).getString())});
           });
  return out;
}

/// When the operator released hosts, by bare name.
std::map<std::string, std::int64_t> releases(database& db) {
  std::map<std::string, std::int64_t> out;
  db.query("SELECT host, released_at FROM hosts WHERE released_at > ''",
           [&](SQLite::Statement& row) {
             auto const at = from_rfc3339(row.getColumn(1).getString());
             if (at) out[row.getColumn(0).getString()] = at->time_since_epoch().count();
           });
  return out;
}

}  // namespace

std::vector<refused_image> pictures_held_by_settings(database& db) {
  std::vector<refused_image> out;
  db.query("SELECT id, host, hangs_on FROM images WHERE state = 'rejected' AND hangs_on != 0",
           [&](SQLite::Statement& row) {
             out.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                            row.getColumn(2).getInt64()});
           });
  return out;
}

std::vector<refused_image> pictures_to_revisit(database& db, std::int64_t now_ms) {
  std::vector<refused_image> out;
  std::set<std::int64_t> seen;
  auto const released = releases(db);
  auto const is_due = [&](SQLite::Statement& row) {
    auto const revisit_at = row.getColumn(2).getInt64();
    if (revisit_at == 0 || revisit_at <= now_ms) return revisit_at != 0;
    auto const release = released.find(bare_host(row.getColumn(1).getString()));
    return release != released.end() && row.getColumn(3).getInt64() <= release->second;
  };
  for (auto const& rendition : renditions_without_picture(db)) {
    for (auto const& address : rendition.addresses) {
      std::optional<refused_image> due;
      db.query(
          "SELECT id, host, revisit_at, refused_at FROM images WHERE url = ? AND state = "
          "'rejected'",
          [&](SQLite::Statement& row) {
            if (is_due(row)) due = {row.getColumn(0).getInt64(), row.getColumn(1).getString(), 0};
          },
          address);
      if (!due) continue;
      if (seen.insert(due->id).second) out.push_back(std::move(*due));
      break;
    }
  }
  return out;
}

void reopen_pictures(database& db, std::span<std::int64_t const> ids, bool visit) {
  std::set<std::string> addresses;
  for (auto const id : ids) {
    auto const address = db.text("SELECT url FROM images WHERE id = ? AND state = 'rejected'", id);
    if (!address) continue;
    addresses.insert(*address);
    db.execute(
        "UPDATE images SET state = 'idle', attempts = 0, due_at = 0, revisit_at = 0, hangs_on = 0, "
        "visits = visits + ? WHERE id = ?",
        visit, id);
  }
  if (addresses.empty()) return;
  std::vector<candidate_list> concerned;
  db.query("SELECT venue_tag, artist_slug, size, candidates FROM renditions",
           [&](SQLite::Statement& row) {
             auto candidates = strings_from_record(row.getColumn(3).getString());
             bool const names = std::ranges::any_of(
                 candidates, [&](std::string const& one) { return addresses.contains(one); });
             if (!names) return;
             concerned.push_back({{row.getColumn(0).getString(), row.getColumn(1).getString(),
                                   row.getColumn(2).getString()},
                                  std::move(candidates)});
           });
  for (auto const& rendition : concerned) choose_image(db, rendition.id, rendition.addresses);
}

missing_pictures count_missing_pictures(database& db) {
  missing_pictures out;
  for (auto const& rendition : renditions_without_picture(db)) {
    ++out.count;
    for (auto const& address : rendition.addresses) {
      auto const at = db.number("SELECT revisit_at FROM images WHERE url = ?", address);
      if (at > 0 && (out.next_ms == 0 || at < out.next_ms)) out.next_ms = at;
    }
  }
  return out;
}

std::map<std::string, std::int64_t> retry_pictures(database& db, picture_filter const& which,
                                                   bool apply) {
  std::map<std::string, std::int64_t> out;
  std::vector<std::int64_t> meant;
  db.query("SELECT id, host, reason, refused_at FROM images WHERE state IN ('rejected', 'parked')",
           [&](SQLite::Statement& row) {
             auto const reason = row.getColumn(2).getString();
             if (which.host && bare_host(row.getColumn(1).getString()) != *which.host) return;
             if (which.reason && reason != *which.reason) return;
             if (row.getColumn(3).getInt64() < which.since_ms) return;
             ++out[reason];
             meant.push_back(row.getColumn(0).getInt64());
           });
  if (apply) reopen_pictures(db, meant, false);
  return out;
}

void clamp_image_times(database& db, std::int64_t latest_due_ms, std::int64_t latest_visit_ms) {
  db.execute("UPDATE images SET due_at = 0 WHERE state = 'pending' AND due_at > ?", latest_due_ms);
  db.execute("UPDATE images SET revisit_at = 1 WHERE revisit_at > ?", latest_visit_ms);
  db.execute("UPDATE pages SET due_at = 0 WHERE state = 'pending' AND due_at > ?", latest_due_ms);
  db.execute("UPDATE renditions SET due_at = 0 WHERE state = 'done' AND stored = 0 AND due_at > ?",
             latest_due_ms);
}

}  // namespace vinny
