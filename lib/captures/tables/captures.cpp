// SPDX-License-Identifier: MIT
#include "captures/tables/captures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "captures/tables/thumbnails.hpp"
#include "catalog/old_spelling.hpp"

namespace vinny {
namespace {

std::optional<std::int64_t> maybe(SQLite::Column const& value) {
  return value.isNull() ? std::nullopt : std::optional{value.getInt64()};
}

/// Of: id, collection, origin, location, bytes, etag, modified_ms.
capture read_capture(SQLite::Statement& row) {
  return {.id = row.getColumn(0).getInt64(),
          .collection = row.getColumn(1).getString(),
          .origin = static_cast<capture_origin>(row.getColumn(2).getInt()),
          .location = row.getColumn(3).getString(),
          .bytes = row.getColumn(4).getInt64(),
          .etag = row.getColumn(5).getString(),
          .modified_ms = maybe(row.getColumn(6))};
}

/// Of: label, key, width, height, bytes, source_ms, from a column on.
thumbnail read_thumbnail(SQLite::Statement& row, int from) {
  return {.label = row.getColumn(from).getString(),
          .key = row.getColumn(from + 1).getString(),
          .width = row.getColumn(from + 2).getUInt(),
          .height = row.getColumn(from + 3).getUInt(),
          .bytes = row.getColumn(from + 4).getInt64(),
          .source_ms = maybe(row.getColumn(from + 5))};
}

/// The newer version of a source: also where its clock was set back, or it changed twice within
/// the resolution of that.
std::optional<std::int64_t> newer(std::optional<std::int64_t> known,
                                  std::optional<std::int64_t> listed) {
  if (!known || !listed) return listed ? listed : known;
  return std::max(*listed, *known + 1);
}

bool differs(capture const& known, capture const& listed) {
  bool const tags = !known.etag.empty() && !listed.etag.empty();
  return known.bytes != listed.bytes ||
         (tags ? known.etag != listed.etag : known.modified_ms != listed.modified_ms);
}

}  // namespace

std::vector<listed_capture> list_captures(database& db, capture_filter const& which) {
  std::vector<listed_capture> out;
  auto const take = [&out](SQLite::Statement& row) { out.push_back({read_capture(row), {}}); };
  if (which.collection.empty()) {
    db.query(
        "SELECT id, collection, origin, location, bytes, etag, modified_ms FROM captures "
        "WHERE id < ? ORDER BY id DESC LIMIT ?",
        take, which.before, which.limit);
  } else {
    db.query(
        "SELECT id, collection, origin, location, bytes, etag, modified_ms FROM captures "
        "WHERE collection = ? AND id < ? ORDER BY id DESC LIMIT ?",
        take, which.collection, which.before, which.limit);
  }
  if (out.empty()) return out;
  std::string ids = "[";
  for (auto const& one : out) fmt::format_to(std::back_inserter(ids), "{},", one.what.id);
  ids.back() = ']';
  db.query(
      "SELECT t.label, t.key, t.width, t.height, t.bytes, t.source_ms, t.capture_id "
      "FROM json_each(?) AS wanted JOIN thumbnails AS t ON t.capture_id = wanted.value",
      [&out](SQLite::Statement& row) {
        auto const id = row.getColumn(6).getInt64();
        auto const at = std::ranges::lower_bound(
            out, id, std::ranges::greater{}, [](listed_capture const& one) { return one.what.id; });
        at->thumbnails.push_back(read_thumbnail(row, 0));
      },
      ids);
  return out;
}

std::optional<listed_capture> find_capture(database& db, std::int64_t id) {
  std::optional<listed_capture> out;
  db.query(
      "SELECT c.id, c.collection, c.origin, c.location, c.bytes, c.etag, c.modified_ms, "
      "t.label, t.key, t.width, t.height, t.bytes, t.source_ms "
      "FROM captures AS c LEFT JOIN thumbnails AS t ON t.capture_id = c.id WHERE c.id = ?",
      [&out](SQLite::Statement& row) {
        if (!out) out = listed_capture{read_capture(row), {}};
        if (!row.getColumn(7).isNull()) out->thumbnails.push_back(read_thumbnail(row, 7));
      },
      id);
  return out;
}

added_capture add_capture(database& db, capture const& what) {
  if (what.origin == capture_origin::url) {
    if (auto const old = old_spelling(what.location); old != what.location) {
      db.execute(
          "UPDATE OR IGNORE captures SET location = ? WHERE collection = ? AND origin = 0 AND "
          "location = ? AND id <= ?",
          what.location, what.collection, old, last_old_spelling(db, "captures"));
    }
  }
  auto const known =
      db.number("SELECT id FROM captures WHERE collection = ? AND origin = ? AND location = ?",
                what.collection, static_cast<int>(what.origin), what.location);
  if (known != 0) return {.id = known, .fresh = false};
  db.execute(
      "INSERT INTO captures (collection, origin, location, bytes, etag, modified_ms) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      what.collection, static_cast<int>(what.origin), what.location, what.bytes, what.etag,
      what.modified_ms);
  return {.id = db.handle().getLastInsertRowid(), .fresh = true};
}

bool remove_capture(database& db, std::int64_t id, std::int64_t doomed_ms) {
  auto const known = find_capture(db, id);
  if (!known) return false;
  for (auto const& one : known->thumbnails) doom_object(db, one.key, doomed_ms);
  if (known->what.origin == capture_origin::store) doom_object(db, known->what.location, doomed_ms);
  db.execute("DELETE FROM thumbnails WHERE capture_id = ?", id);
  db.execute("DELETE FROM thumbnail_leases WHERE capture_id = ?", id);
  db.execute("DELETE FROM captures WHERE id = ?", id);
  return true;
}

stretch_changes compare_stretch(database& db, source_stretch const& what, std::size_t most_gone) {
  stretch_changes out;
  std::map<std::string_view, capture const*> found;
  for (auto const& one : what.found) found.emplace(one.location, &one);
  db.query(
      "SELECT id, collection, origin, location, bytes, etag, modified_ms FROM captures "
      "WHERE collection = ? AND origin = ? AND location > ? AND location <= ? ORDER BY location",
      [&](SQLite::Statement& row) {
        auto known = read_capture(row);
        auto const at = found.find(known.location);
        if (at == found.end()) {
          if (out.gone.size() < most_gone)
            out.gone.push_back(known.id);
          else
            out.more = true;
          return;
        }
        if (differs(known, *at->second)) {
          known.modified_ms = newer(known.modified_ms, at->second->modified_ms);
          known.bytes = at->second->bytes;
          known.etag = at->second->etag;
          out.changed.push_back(std::move(known));
        }
        found.erase(at);
      },
      what.collection, static_cast<int>(what.origin), what.after, what.to);
  for (auto const& [location, one] : found) out.fresh.push_back(*one);
  return out;
}

void apply_changes(database& db, stretch_changes const& what, std::int64_t doomed_ms) {
  for (auto const& one : what.fresh) static_cast<void>(add_capture(db, one));
  for (auto const& one : what.changed) {
    db.execute("UPDATE captures SET bytes = ?, etag = ?, modified_ms = ? WHERE id = ?", one.bytes,
               one.etag, one.modified_ms, one.id);
  }
  for (auto const id : what.gone) remove_capture(db, id, doomed_ms);
}

std::vector<capture> uploaded_captures(database& db, std::int64_t after, std::size_t limit) {
  std::vector<capture> out;
  db.query(
      "SELECT id, collection, origin, location, bytes, etag, modified_ms FROM captures "
      "WHERE origin = 1 AND id > ? ORDER BY id LIMIT ?",
      [&out](SQLite::Statement& row) { out.push_back(read_capture(row)); }, after, limit);
  return out;
}

bool has_captures(database& db, std::string const& collection, capture_origin origin) {
  return db.number("SELECT 1 FROM captures WHERE collection = ? AND origin = ? LIMIT 1", collection,
                   static_cast<int>(origin)) != 0;
}

}  // namespace vinny
