// SPDX-License-Identifier: MIT
#include "captures/tables/thumbnails.hpp"

#include <algorithm>

#include "captures/model/capture_settings.hpp"
#include "captures/model/thumbnail.hpp"
#include "captures/tables/captures.hpp"
#include "catalog/notes.hpp"

namespace vinny {
namespace {

constexpr char const* tag_note = "catalog_tag";
constexpr char const* thumbnail_store_note = "thumbnail_store";
constexpr std::size_t tag_digits = 8;

void end_lease(database& db, thumbnail_lease const& lease) {
  db.execute("DELETE FROM thumbnail_leases WHERE capture_id = ? AND label = ? AND token = ?",
             lease.of.id, lease.label, lease.token);
}

}  // namespace

thumbnail_start begin_thumbnail(database& db, std::int64_t id, thumbnail_size const& size,
                                lease_terms const& terms) {
  using outcome = thumbnail_start::outcome;
  auto known = find_capture(db, id);
  if (!known) return {.how = outcome::unknown};
  auto const made = std::ranges::find(known->thumbnails, size.label, &thumbnail::label);
  if (made != known->thumbnails.end() && is_valid(*made, size, known->what.modified_ms)) {
    return {.how = outcome::valid, .key = made->key};
  }
  auto const taken = db.execute(
      "INSERT INTO thumbnail_leases (capture_id, label, token, until_ms) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (capture_id, label) DO UPDATE SET token = excluded.token, "
      "until_ms = excluded.until_ms WHERE until_ms < ?",
      id, size.label, terms.token, terms.until_ms, terms.now_ms);
  if (taken == 0) return {.how = outcome::busy};
  thumbnail_start out{.how = outcome::leased};
  out.lease.key = thumbnail_key(known->what, size.label, catalog_tag(db) + terms.token);
  out.lease.of = std::move(known->what);
  out.lease.label = size.label;
  out.lease.token = terms.token;
  doom_object(db, out.lease.key, terms.doomed_ms);
  return out;
}

bool is_leased(database& db, std::int64_t capture, std::string const& label, std::int64_t now_ms) {
  return db.number(
             "SELECT 1 FROM thumbnail_leases WHERE capture_id = ? AND label = ? AND until_ms >= ?",
             capture, label, now_ms) != 0;
}

bool renew_lease(database& db, thumbnail_lease const& lease, std::int64_t until_ms) {
  return db.execute(
             "UPDATE thumbnail_leases SET until_ms = ? "
             "WHERE capture_id = ? AND label = ? AND token = ?",
             until_ms, lease.of.id, lease.label, lease.token) > 0;
}

thumbnail_end finish_thumbnail(database& db, thumbnail_lease const& lease, thumbnail const& made,
                               std::int64_t former_ms) {
  end_lease(db, lease);
  auto const known = find_capture(db, lease.of.id);
  if (!known) return thumbnail_end::gone;
  if (!spare_object(db, made.key)) return thumbnail_end::overtaken;
  for (auto const& one : known->thumbnails) {
    if (one.label == made.label) doom_object(db, one.key, former_ms);
  }
  db.execute(
      "INSERT INTO thumbnails (capture_id, label, key, width, height, bytes, source_ms) "
      "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (capture_id, label) DO UPDATE SET "
      "key = excluded.key, width = excluded.width, height = excluded.height, "
      "bytes = excluded.bytes, source_ms = excluded.source_ms",
      lease.of.id, made.label, made.key, made.width, made.height, made.bytes, made.source_ms);
  return thumbnail_end::kept;
}

void abandon_thumbnail(database& db, thumbnail_lease const& lease, std::int64_t now_ms) {
  end_lease(db, lease);
  db.execute("UPDATE doomed_objects SET due_ms = ? WHERE key = ?", now_ms, lease.key);
}

void doom_object(database& db, std::string const& key, std::int64_t due_ms) {
  if (key.empty()) return;
  db.execute("INSERT OR REPLACE INTO doomed_objects (key, due_ms) VALUES (?, ?)", key, due_ms);
}

bool spare_object(database& db, std::string const& key) {
  return db.execute("DELETE FROM doomed_objects WHERE key = ?", key) > 0;
}

std::vector<std::string> doomed_objects(database& db, std::int64_t now_ms, std::size_t limit) {
  std::vector<std::string> out;
  db.query(
      "SELECT key FROM doomed_objects WHERE due_ms <= ? ORDER BY due_ms LIMIT ?",
      [&](SQLite::Statement& row) { out.push_back(row.getColumn(0).getString()); }, now_ms, limit);
  return out;
}

std::vector<stored_thumbnail> stored_thumbnails(database& db,
                                                std::pair<std::int64_t, std::string> const& after,
                                                std::size_t limit) {
  std::vector<stored_thumbnail> out;
  db.query(
      "SELECT capture_id, label, key FROM thumbnails WHERE (capture_id, label) > (?, ?) "
      "ORDER BY capture_id, label LIMIT ?",
      [&](SQLite::Statement& row) {
        out.push_back({.capture = row.getColumn(0).getInt64(),
                       .label = row.getColumn(1).getString(),
                       .key = row.getColumn(2).getString()});
      },
      after.first, after.second, limit);
  return out;
}

std::string thumbnail_store(database& db) {
  return read_note(db, thumbnail_store_note).value_or("");
}

void take_thumbnail_store(database& db, std::string const& store) {
  auto const before = read_note(db, thumbnail_store_note);
  if (before == store) return;
  if (before) {
    db.execute("DELETE FROM thumbnails");
    db.execute("DELETE FROM doomed_objects");
  }
  set_note(db, thumbnail_store_note, store);
}

bool thumbnail_lost(database& db, stored_thumbnail const& one) {
  return db.execute("DELETE FROM thumbnails WHERE capture_id = ? AND label = ? AND key = ?",
                    one.capture, one.label, one.key) > 0;
}

bool is_known_object(database& db, std::int64_t capture, std::string const& key) {
  // One statement: between two, the key may go from one table to the other.
  return db.number(
             "SELECT EXISTS (SELECT 1 FROM thumbnails WHERE capture_id = ? AND key = ?) OR "
             "EXISTS (SELECT 1 FROM doomed_objects WHERE key = ?)",
             capture, key, key) != 0;
}

std::optional<std::string> known_catalog_tag(database& db) {
  return read_note(db, tag_note);
}

std::string catalog_tag(database& db) {
  if (auto known = known_catalog_tag(db)) return *known;
  auto const made = db.text("SELECT lower(hex(randomblob(?)))", tag_digits / 2).value_or("");
  set_note(db, tag_note, made);
  return made;
}

}  // namespace vinny
