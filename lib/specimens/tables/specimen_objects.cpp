// SPDX-License-Identifier: MIT
#include "specimens/tables/specimen_objects.hpp"

#include <charconv>

#include "catalog/notes.hpp"
#include "core/digest.hpp"

namespace vinny {
namespace {

constexpr auto store_note = "specimen_store";
constexpr auto noted_to_note = "specimen_files_noted_to";  // "": all are
constexpr auto forgetting = "forgetting";
constexpr int counted_at_most = 100'000;

std::string hex_of(SQLite::Column const& blob) {
  return to_hex({static_cast<unsigned char const*>(blob.getBlob()),
                 static_cast<std::size_t>(blob.getBytes())});
}

}  // namespace

std::optional<std::string> specimen_store(database& db) {
  return read_note(db, store_note);
}

void take_specimen_store(database& db, std::string const& store) {
  set_note(db, store_note, store);
  set_note(db, noted_to_note, forgetting);
}

bool note_earlier_files(database& db, std::int64_t most) {
  auto const noted = read_note(db, noted_to_note).value_or("");
  if (noted.empty()) return false;
  if (noted == forgetting) {
    auto const gone = db.execute(
        "DELETE FROM specimen_uploads WHERE id IN (SELECT id FROM specimen_uploads LIMIT ?)", most);
    if (gone == 0) set_note(db, noted_to_note, "0");
    return true;
  }
  std::int64_t after = 0;
  std::from_chars(noted.data(), noted.data() + noted.size(), after);
  auto const last = db.number(
      "SELECT coalesce(max(id), 0) FROM (SELECT id FROM specimen_files WHERE id > ? ORDER BY id "
      "LIMIT ?)",
      after, most);
  db.execute(
      "INSERT OR IGNORE INTO specimen_uploads (id, attempts, due_at) SELECT id, 0, 0 FROM "
      "specimen_files WHERE id > ? AND id <= ?",
      after, last);
  set_note(db, noted_to_note, last == 0 ? std::string{} : std::to_string(last));
  return last != 0;
}

void note_specimen_file(database& db, specimen_image_id id) {
  db.execute("INSERT OR REPLACE INTO specimen_uploads (id, attempts, due_at) VALUES (?, 0, 0)",
             id.number());
}

std::vector<specimen_object> due_specimen_objects(database& db, std::int64_t now_ms,
                                                  std::set<std::int64_t> const& active,
                                                  std::size_t limit) {
  std::vector<specimen_object> out;
  db.query(
      "SELECT u.id, f.extension, f.sha256, f.bytes, u.attempts FROM specimen_uploads u CROSS JOIN "
      "specimen_files f ON f.id = u.id WHERE u.due_at <= ? ORDER BY u.due_at, u.id LIMIT ?",
      [&](SQLite::Statement& row) {
        auto const number = row.getColumn(0).getInt64();
        if (out.size() >= limit || active.contains(number)) return;
        out.push_back({.id = specimen_image_id::from(number),
                       .extension = row.getColumn(1).getString(),
                       .sha256 = hex_of(row.getColumn(2)),
                       .bytes = row.getColumn(3).getInt64(),
                       .attempts = row.getColumn(4).getInt()});
      },
      now_ms, limit + active.size());
  return out;
}

specimen_objects_left specimen_objects_outlook(database& db) {
  specimen_objects_left out;
  db.query(
      "SELECT count(*), coalesce(min(due_at), 0) FROM (SELECT due_at FROM specimen_uploads WHERE "
      "due_at < ? ORDER BY due_at LIMIT ?)",
      [&](SQLite::Statement& row) {
        out = {row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
      },
      next_run_ms, counted_at_most);
  return out;
}

void specimen_object_confirmed(database& db, specimen_object const& one) {
  db.execute(
      "DELETE FROM specimen_uploads WHERE id = ?1 AND EXISTS (SELECT 1 FROM specimen_files WHERE "
      "id "
      "= ?1 AND lower(hex(sha256)) = ?2)",
      one.id.number(), one.sha256);
}

void specimen_object_postponed(database& db, specimen_image_id id, int attempts,
                               std::int64_t due_ms) {
  db.execute("UPDATE specimen_uploads SET attempts = ?, due_at = ? WHERE id = ?", attempts, due_ms,
             id.number());
}

void revive_specimen_objects(database& db) {
  db.execute("UPDATE specimen_uploads SET attempts = 0, due_at = 0 WHERE due_at > 0");
}

}  // namespace vinny
