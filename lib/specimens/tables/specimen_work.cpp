// SPDX-License-Identifier: MIT
#include "specimens/tables/specimen_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/digest.hpp"
#include "core/text.hpp"
#include "specimens/tables/specimen_objects.hpp"

namespace vinny {
namespace {

constexpr std::size_t longest_detail = 2000;

std::vector<std::string> lines(std::string const& text) {
  std::vector<std::string> out;
  for (auto const one : split(text, '\n')) out.emplace_back(one);
  return out;
}

struct image_row {
  std::int64_t host = 0;
  specimen_state state = specimen_state::pending;
};
/// The image as it is, if its state is one of these.
std::optional<image_row> image_in(database& db, specimen_image_id id,
                                  std::initializer_list<specimen_state> states) {
  std::optional<image_row> out;
  db.query(
      "SELECT host, state FROM specimen_images WHERE id = ?",
      [&](SQLite::Statement& row) {
        auto const state = static_cast<specimen_state>(row.getColumn(1).getInt());
        if (std::ranges::find(states, state) == states.end()) return;
        out = {row.getColumn(0).getInt64(), state};
      },
      id.number());
  return out;
}
/// If it is still work.
std::optional<image_row> open_image(database& db, specimen_image_id id) {
  return image_in(db, id, {specimen_state::pending, specimen_state::failed_transient});
}
/// The same, if it was given up.
std::optional<image_row> closed_image(database& db, specimen_image_id id) {
  return image_in(db, id, {specimen_state::failed_permanent, specimen_state::exhausted});
}

specimen_tally tally_of(database& db, std::int64_t gbif_id) {
  specimen_tally out;
  db.query(
      "SELECT state FROM specimen_images WHERE id >= ? AND id < ? AND state < 8",
      [&](SQLite::Statement& row) {
        out.add(static_cast<specimen_state>(row.getColumn(0).getInt()));
      },
      specimen_image_id{gbif_id, 0}.number(), specimen_image_id{gbif_id + 1, 0}.number());
  return out;
}

/// Moves an image to a state, with the roll-ups.
void move(database& db, specimen_image_id id, image_row const& was, image_row const& is,
          specimen_change& change) {
  auto tally = tally_of(db, id.gbif_id);
  auto const before = tally.status();
  db.execute("UPDATE specimen_images SET host = ?, state = ? WHERE id = ?", is.host,
             static_cast<int>(is.state), id.number());
  tally.add(was.state, -1);
  tally.add(is.state, 1);
  change.specimen(before, tally.status());
  change.image(was.host, was.state, -1);
  change.image(is.host, is.state, 1);
}

}  // namespace

std::vector<specimen_host> hosts_with_pending(database& db) {
  std::vector<specimen_host> out;
  db.query("SELECT id, name, pending FROM specimen_hosts WHERE pending > 0 ORDER BY id",
           [&](SQLite::Statement& row) {
             out.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                            row.getColumn(2).getInt64()});
           });
  return out;
}

std::vector<specimen_job> pending_images(database& db, std::int64_t host, std::int64_t after,
                                         std::size_t limit) {
  std::vector<specimen_job> out;
  db.query(
      "SELECT id, urls FROM specimen_images WHERE state = 0 AND host = ? AND id > ? ORDER BY id "
      "LIMIT ?",
      [&](SQLite::Statement& row) {
        out.push_back({.id = specimen_image_id::from(row.getColumn(0).getInt64()),
                       .host = host,
                       .urls = lines(row.getColumn(1).getString()),
                       .attempts = 0,
                       .corrupt_sha256 = {},
                       .host_name = {},
                       .on_disk = false,
                       .due_ms = 0,
                       .visits = 0});
      },
      host, after, limit);
  return out;
}

std::vector<specimen_job> due_again(database& db, std::int64_t now_ms,
                                    std::pair<std::int64_t, std::int64_t> after,
                                    std::size_t limit) {
  std::vector<specimen_job> out;
  db.query(
      "SELECT i.id, i.host, i.urls, f.attempts, f.corrupt_sha256, h.name, f.due_at, f.visits FROM "
      "specimen_failures f CROSS JOIN specimen_images i ON i.id = f.id JOIN specimen_hosts h ON "
      "h.id = i.host WHERE f.due_at > 0 AND f.due_at <= ?1 AND f.due_at >= ?2 AND (f.due_at > ?2 "
      "OR "
      "f.id > ?3) AND i.state = 2 ORDER BY f.due_at, f.id LIMIT ?4",
      [&](SQLite::Statement& row) {
        out.push_back({.id = specimen_image_id::from(row.getColumn(0).getInt64()),
                       .host = row.getColumn(1).getInt64(),
                       .urls = lines(row.getColumn(2).getString()),
                       .attempts = row.getColumn(3).getInt(),
                       .corrupt_sha256 = row.getColumn(4).getString(),
                       .host_name = row.getColumn(5).getString(),
                       .on_disk = false,
                       .due_ms = row.getColumn(6).getInt64(),
                       .visits = row.getColumn(7).getInt()});
      },
      now_ms, after.first, after.second, limit);
  return out;
}

specimen_outlook outlook_of(database& db, std::int64_t now_ms) {
  auto const totals = read_specimen_totals(db);
  specimen_outlook out{.pending = totals.of(specimen_state::pending),
                       .waiting = totals.of(specimen_state::failed_transient),
                       .next_due_ms = 0,
                       .later_due_ms = 0};
  if (out.waiting > 0) {
    out.next_due_ms = db.number("SELECT min(due_at) FROM specimen_failures WHERE due_at > 0");
    db.query(
        "SELECT min(due_at) FROM specimen_failures WHERE due_at > ?",
        [&](SQLite::Statement& row) { out.later_due_ms = row.getColumn(0).getInt64(); }, now_ms);
  }
  return out;
}

std::int64_t reopen_exhausted(database& db, int allowed, std::int64_t after, std::size_t limit) {
  std::vector<std::pair<specimen_image_id, std::int64_t>> found;
  std::int64_t last = 0;
  // From the failures to their images: the other way round would read every image.
  db.query(
      "SELECT f.id, i.host, i.state = 4 AND f.attempts < ? FROM specimen_failures f CROSS JOIN "
      "specimen_images i ON i.id = f.id WHERE f.id > ? ORDER BY f.id LIMIT ?",
      [&](SQLite::Statement& row) {
        last = row.getColumn(0).getInt64();
        if (row.getColumn(2).getInt() == 0) return;
        found.emplace_back(specimen_image_id::from(last), row.getColumn(1).getInt64());
      },
      allowed, after, limit);
  specimen_change change;
  for (auto const& [id, host] : found) {
    move(db, id, {host, specimen_state::exhausted}, {host, specimen_state::failed_transient},
         change);
    db.execute("UPDATE specimen_failures SET due_at = 1 WHERE id = ?", id.number());
  }
  change.write_to(db);
  return last;
}

void specimen_put_off(database& db, specimen_image_id id, std::int64_t due_ms) {
  db.execute("UPDATE specimen_failures SET due_at = ? WHERE id = ? AND due_at > 0", due_ms,
             id.number());
}

std::vector<first_image> first_images_open(database& db, std::span<std::int64_t const> gbif_ids) {
  std::vector<first_image> out;
  for (auto const gbif_id : gbif_ids) {
    db.query(
        "SELECT i.id, h.name FROM specimen_images i JOIN specimen_hosts h ON h.id = i.host WHERE "
        "i.id = ? AND i.state IN (0, 2)",
        [&](SQLite::Statement& row) {
          out.push_back(
              {specimen_image_id::from(row.getColumn(0).getInt64()), row.getColumn(1).getString()});
        },
        specimen_image_id{gbif_id, 0}.number());
  }
  return out;
}

std::vector<bool> specimens_done(database& db, std::span<specimen_success const> all,
                                 std::int64_t now_ms) {
  std::vector<bool> out;
  std::map<std::string_view, std::int64_t> hosts;
  bool const stores = specimen_store(db).has_value();
  specimen_change change;
  for (auto const& [id, host, file] : all) {
    auto const was = open_image(db, id);
    out.push_back(was.has_value());
    if (!was) continue;
    auto const [given_by, fresh] = hosts.try_emplace(host);
    if (fresh) given_by->second = specimen_host_id(db, host);
    move(db, id, *was, {given_by->second, specimen_state::success}, change);
    if (was->state != specimen_state::pending) {
      db.execute("DELETE FROM specimen_failures WHERE id = ?", id.number());
    }
    auto& insert = db.prepare(
        "INSERT OR REPLACE INTO specimen_files (id, sha256, bytes, width, height, kind, extension, "
        "at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id.number(), std::string{}, file.bytes, file.width, file.height,
        static_cast<int>(file.kind), file.extension, now_ms);
    auto const digest = from_hex(file.sha256);
    insert.bind(2, digest.data(), static_cast<int>(digest.size()));
    insert.exec();
    if (stores) note_specimen_file(db, id);
    change.raw(file.kind == specimen_kind::raw ? 1 : 0);
    change.legacy(file.kind == specimen_kind::legacy ? 1 : 0);
  }
  change.write_to(db);
  return out;
}

void specimen_failed(database& db, specimen_job const& job, specimen_state state,
                     specimen_failure const& why, std::int64_t now_ms) {
  auto const was = open_image(db, job.id);
  if (!was) return;
  specimen_change change;
  move(db, job.id, *was, {was->host, state}, change);
  db.execute(
      "INSERT OR REPLACE INTO specimen_failures (id, reason, http_status, detail, corrupt_sha256, "
      "attempts, due_at, at, host, visits, revisit_at, hangs_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?, ?)",
      job.id.number(), why.reason, why.http_status, clip(why.detail, longest_detail),
      why.corrupt_sha256, why.attempts, why.due_ms, now_ms, was->host, job.visits, why.revisit_ms,
      why.hangs_on);
  change.write_to(db);
}

bool specimen_opened(database& db, specimen_image_id id, specimen_change& change) {
  auto const was = closed_image(db, id);
  if (!was) return false;
  move(db, id, *was, {was->host, specimen_state::pending}, change);
  db.execute("DELETE FROM specimen_failures WHERE id = ?", id.number());
  return true;
}

bool specimen_due_again(database& db, specimen_image_id id, specimen_change& change) {
  auto const was = closed_image(db, id);
  if (was) move(db, id, *was, {was->host, specimen_state::failed_transient}, change);
  return was.has_value();
}

}  // namespace vinny
