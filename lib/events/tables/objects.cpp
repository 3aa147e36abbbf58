// SPDX-License-Identifier: MIT
#include "events/tables/objects.hpp"

#include "catalog/notes.hpp"

namespace vinny {

std::vector<object_job> due_objects(database& db, std::int64_t now_ms,
                                    std::set<std::string> const& active_keys, std::size_t limit) {
  std::vector<object_job> out;
  db.query(
      "SELECT venue_tag, artist_slug, size, sha256, bytes, attempts, md5 FROM renditions WHERE "
      "state = "
      "'done' AND stored = 0 AND due_at <= ? LIMIT ?",
      [&](SQLite::Statement& row) {
        object_job job{.id = {row.getColumn(0).getString(), row.getColumn(1).getString(),
                              row.getColumn(2).getString()},
                       .sha256 = row.getColumn(3).getString(),
                       .md5 = row.getColumn(6).getString(),
                       .bytes = row.getColumn(4).getInt64(),
                       .attempts = row.getColumn(5).getInt()};
        if (out.size() < limit && !active_keys.contains(job.id.key()))
          out.push_back(std::move(job));
      },
      now_ms, limit + active_keys.size());
  for (auto& job : out) {
    job.known = db.number("SELECT count(*) FROM objects WHERE key = ?", job.id.key()) > 0;
  }
  return out;
}

void object_confirmed(database& db, object_job const& job, std::string const& etag,
                      std::string const& at, bool replaced) {
  auto const before = db.text("SELECT sha256 FROM objects WHERE key = ?", job.id.key());
  bool const changed = replaced || (before && *before != job.sha256);
  db.execute(
      "INSERT INTO objects (key, etag, sha256, bytes, confirmed_at) VALUES (?, ?, ?, ?, ?) ON "
      "CONFLICT DO UPDATE SET etag = excluded.etag, sha256 = excluded.sha256, bytes = "
      "excluded.bytes, confirmed_at = excluded.confirmed_at",
      job.id.key(), etag, job.sha256, job.bytes, at);
  // A newer file may have taken the path while this one was being put.
  db.execute(
      "UPDATE renditions SET stored = 1, attempts = 0, due_at = 0 WHERE venue_tag = ? AND "
      "artist_slug = ? AND size = ? AND sha256 = ?",
      job.id.venue_tag, job.id.artist_slug, job.id.size, job.sha256);
  if (!changed) return;
  db.execute(
      "UPDATE renditions SET versioned = 1 WHERE venue_tag = ? AND artist_slug = ? AND size = ?",
      job.id.venue_tag, job.id.artist_slug, job.id.size);
}

void object_postponed(database& db, object_job const& job, int attempts, std::int64_t due_ms) {
  db.execute(
      "UPDATE renditions SET attempts = ?, due_at = ? WHERE venue_tag = ? AND artist_slug = ? AND "
      "size = ?",
      attempts, due_ms, job.id.venue_tag, job.id.artist_slug, job.id.size);
}

std::vector<confirmed_object> confirmed_objects(database& db, rendition_id const& after,
                                                std::size_t limit) {
  std::vector<confirmed_object> out;
  db.query(
      "SELECT venue_tag, artist_slug, size, bytes FROM renditions WHERE state = 'done' AND stored "
      "= "
      "1 AND (venue_tag, artist_slug, size) > (?, ?, ?) ORDER BY venue_tag, artist_slug, size "
      "LIMIT "
      "?",
      [&](SQLite::Statement& row) {
        out.push_back({.id = {row.getColumn(0).getString(), row.getColumn(1).getString(),
                              row.getColumn(2).getString()},
                       .etag = {},
                       .confirmed_at = {},
                       .bytes = row.getColumn(3).getInt64()});
      },
      after.venue_tag, after.artist_slug, after.size, limit);
  for (auto& one : out) {
    db.query(
        "SELECT etag, confirmed_at FROM objects WHERE key = ?",
        [&](SQLite::Statement& row) {
          one.etag = row.getColumn(0).getString();
          one.confirmed_at = row.getColumn(1).getString();
        },
        one.id.key());
  }
  return out;
}

void object_missing(database& db, rendition_id const& id) {
  db.execute("DELETE FROM objects WHERE key = ?", id.key());
  db.execute(
      "UPDATE renditions SET stored = 0, versioned = 1, attempts = 0, due_at = 0 WHERE venue_tag = "
      "? AND "
      "artist_slug = ? AND size = ?",
      id.venue_tag, id.artist_slug, id.size);
}

bool is_still_confirmed(database& db, confirmed_object const& one) {
  return db.number("SELECT count(*) FROM objects WHERE key = ? AND etag = ? AND confirmed_at = ?",
                   one.id.key(), one.etag, one.confirmed_at) > 0;
}

std::optional<std::string> ledger_owner(database& db) {
  if (auto noted = read_note(db, "store")) return noted;
  bool const empty = db.number("SELECT EXISTS (SELECT 1 FROM objects)") == 0;
  return empty ? std::nullopt : std::optional<std::string>{""};
}

ledger_of whose_ledger(database& db, std::string const& store) {
  auto const owner = ledger_owner(db);
  if (!owner) return ledger_of::nothing_yet;
  return *owner == store ? ledger_of::this_store : ledger_of::another_store;
}

void take_store(database& db, std::string const& store) {
  if (whose_ledger(db, store) == ledger_of::another_store) {
    db.execute("DELETE FROM objects");
    db.execute("UPDATE renditions SET stored = 0, attempts = 0, due_at = 0 WHERE stored = 1");
  }
  set_note(db, "store", store);
}

void object_in_doubt(database& db, object_job const& job) {
  db.execute("UPDATE objects SET sha256 = '' WHERE key = ? AND sha256 != ?", job.id.key(),
             job.sha256);
}

void revive_objects(database& db) {
  db.execute(
      "UPDATE renditions SET attempts = 0, due_at = 0 WHERE state = 'done' AND stored = 0 AND "
      "(attempts != 0 OR due_at != 0)");
}

}  // namespace vinny
