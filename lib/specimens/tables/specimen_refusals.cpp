// SPDX-License-Identifier: MIT
#include "specimens/tables/specimen_refusals.hpp"

#include "core/time.hpp"
#include "specimens/tables/specimen_work.hpp"

namespace vinny {
namespace {

constexpr std::int64_t day_ms = 24 * 3600 * 1000;

bool is_given_up(int state) noexcept {
  return state == static_cast<int>(specimen_state::failed_permanent) ||
         state == static_cast<int>(specimen_state::exhausted);
}

/// By its word in the report and what came: damage and foreign files are the image's own.
bool of_the_image_itself(std::string_view reason, std::string_view detail) noexcept {
  if (reason == "not_an_image") return !detail.starts_with("[text/html");
  return reason == "image_type_unsupported" || reason == "image_bomb" ||
         reason == "image_corrupt_again";
}

/// From host to host by the index: one with a million refusals costs as much as one with one.
std::int64_t next_host_with_visits(database& db, std::int64_t after) {
  return db.number(
      "SELECT coalesce(min(host), 0) FROM specimen_failures WHERE revisit_at > 0 AND host > ?",
      after);
}

}  // namespace

std::int64_t settle_refusals(database& db, std::int64_t after, std::size_t limit) {
  struct old_row {
    std::int64_t id;
    std::int64_t host;
    std::int64_t revisit_at;
  };
  std::vector<old_row> rows;
  db.query(
      "SELECT f.id, i.host, i.state & 7, i.state >= 8, f.reason, f.detail, f.at FROM "
      "specimen_failures f CROSS JOIN specimen_images i ON i.id = f.id WHERE f.id > ? AND f.host = "
      "0 ORDER BY f.id LIMIT ?",
      [&](SQLite::Statement& row) {
        bool const again =
            is_given_up(row.getColumn(2).getInt()) &&
            !of_the_image_itself(row.getColumn(4).getString(), row.getColumn(5).getString());
        auto const at = again ? row.getColumn(6).getInt64() + day_ms : 0;
        bool const retired = row.getColumn(3).getInt() != 0;
        rows.push_back(
            {row.getColumn(0).getInt64(), row.getColumn(1).getInt64(), retired ? -at : at});
      },
      after, limit);
  for (auto const& [id, host, revisit_at] : rows) {
    db.execute("UPDATE specimen_failures SET host = ?, revisit_at = ? WHERE id = ?", host,
               revisit_at, id);
  }
  return rows.empty() ? 0 : rows.back().id;
}

held_images images_held_by_settings(database& db, std::int64_t after, std::size_t limit) {
  held_images out;
  db.query(
      "SELECT f.id, h.name, f.hangs_on, i.state FROM specimen_failures f CROSS JOIN "
      "specimen_images i ON i.id = f.id JOIN specimen_hosts h ON h.id = i.host WHERE f.id > ? "
      "ORDER BY f.id LIMIT ?",
      [&](SQLite::Statement& row) {
        out.last = row.getColumn(0).getInt64();
        auto const hangs_on = row.getColumn(2).getInt64();
        if (hangs_on == 0 || !is_given_up(row.getColumn(3).getInt())) return;
        out.found.push_back(
            {specimen_image_id::from(out.last), row.getColumn(1).getString(), hangs_on});
      },
      after, limit);
  return out;
}

std::int64_t open_again(database& db, std::span<specimen_image_id const> ids) {
  specimen_change change;
  std::int64_t opened = 0;
  for (auto const id : ids) opened += specimen_opened(db, id, change) ? 1 : 0;
  change.write_to(db);
  return opened;
}

std::vector<std::int64_t> hosts_to_revisit(database& db, std::int64_t now_ms, std::int64_t after,
                                           std::size_t limit) {
  std::vector<std::int64_t> out;
  for (auto host = after; out.size() < limit;) {
    host = next_host_with_visits(db, host);
    if (host == 0) break;
    auto const first = db.number(
        "SELECT min(revisit_at) FROM specimen_failures WHERE revisit_at > 0 AND host = ?", host);
    bool const released =
        db.number(
            "SELECT EXISTS (SELECT 1 FROM specimen_hosts s JOIN hosts h ON h.host = s.name WHERE "
            "s.id = ? AND h.released_at > '')",
            host) != 0;
    if (first <= now_ms || released) out.push_back(host);
  }
  return out;
}

std::int64_t revisit(database& db, std::int64_t host, std::int64_t now_ms, int attempts,
                     std::size_t limit) {
  auto const released_at = db.text(
      "SELECT h.released_at FROM specimen_hosts s JOIN hosts h ON h.host = s.name WHERE s.id = ?",
      host);
  auto const released = from_rfc3339(released_at.value_or(""));
  auto const released_ms = released ? released->time_since_epoch().count() : 0;
  std::vector<specimen_image_id> ids;
  db.query(
      "SELECT id FROM specimen_failures WHERE host = ?1 AND revisit_at > 0 AND (revisit_at <= ?2 "
      "OR at <= ?3) ORDER BY revisit_at LIMIT ?4",
      [&](SQLite::Statement& row) {
        ids.push_back(specimen_image_id::from(row.getColumn(0).getInt64()));
      },
      host, now_ms, released_ms, limit);
  specimen_change change;
  std::int64_t opened = 0;
  for (auto const id : ids) {
    bool const open = specimen_due_again(db, id, change);
    opened += open ? 1 : 0;
    db.execute(
        "UPDATE specimen_failures SET attempts = ?, due_at = ?, visits = visits + ?, revisit_at = "
        "0 WHERE id = ?",
        attempts, open ? now_ms : 0, open, id.number());
  }
  change.write_to(db);
  return opened;
}

refusals_seen retry_refusals(database& db, refusal_filter const& which, std::int64_t after,
                             std::size_t limit, bool apply) {
  refusals_seen out;
  std::vector<specimen_image_id> meant;
  auto const host =
      which.host ? db.number("SELECT id FROM specimen_hosts WHERE name = ?", *which.host) : 0;
  if (which.host && host == 0) return out;
  auto const look = [&](SQLite::Statement& row) {
    out.last = row.getColumn(0).getInt64();
    bool const is_meant = is_given_up(row.getColumn(1).getInt()) &&
                          (host == 0 || row.getColumn(2).getInt64() == host) &&
                          row.getColumn(3).getInt64() >= which.since_ms;
    if (!is_meant) return;
    ++out.by_reason[row.getColumn(4).getString()];
    if (apply) meant.push_back(specimen_image_id::from(out.last));
  };
  if (which.reason) {
    db.query(
        "SELECT f.id, i.state, i.host, f.at, f.reason FROM specimen_failures f CROSS JOIN "
        "specimen_images i ON i.id = f.id WHERE f.reason = ? AND f.id > ? ORDER BY f.id LIMIT ?",
        look, *which.reason, after, limit);
  } else {
    db.query(
        "SELECT f.id, i.state, i.host, f.at, f.reason FROM specimen_failures f CROSS JOIN "
        "specimen_images i ON i.id = f.id WHERE f.id > ? ORDER BY f.id LIMIT ?",
        look, after, limit);
  }
  if (apply) open_again(db, meant);
  return out;
}

std::int64_t clamp_specimen_times(database& db, std::int64_t latest_due_ms,
                                  std::int64_t latest_visit_ms, std::size_t limit) {
  std::int64_t changed = db.execute(
      "UPDATE specimen_failures SET due_at = 1 WHERE id IN (SELECT id FROM specimen_failures WHERE "
      "due_at > 0 AND due_at > ? LIMIT ?)",
      latest_due_ms, limit);
  changed += db.execute(
      "UPDATE specimen_uploads SET due_at = 1 WHERE id IN (SELECT id FROM specimen_uploads WHERE "
      "due_at > ? AND due_at < ? LIMIT ?)",
      latest_due_ms, INT64_MAX, limit);
  std::int64_t host = 0;
  for (;;) {
    host = next_host_with_visits(db, host);
    if (host == 0) return changed;
    changed += db.execute(
        "UPDATE specimen_failures SET revisit_at = 1 WHERE id IN (SELECT id FROM specimen_failures "
        "WHERE host = ? AND revisit_at > 0 AND revisit_at > ? LIMIT ?)",
        host, latest_visit_ms, limit);
  }
}

}  // namespace vinny
