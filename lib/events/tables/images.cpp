// SPDX-License-Identifier: MIT
#include "events/tables/images.hpp"

#include <algorithm>
#include <map>

#include "catalog/notes.hpp"
#include "catalog/old_spelling.hpp"
#include "core/url.hpp"
#include "events/tables/records.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_candidates = 16;

struct image_ref {
  std::int64_t id;
  std::string state;
};

/// Where the image is not known, one that was fetched by its old spelling is it. What was refused
/// by that spelling was another address.
void take_over_old_spelling(database& db, std::string const& address) {
  auto const old = old_spelling(address);
  if (old == address) return;
  db.execute(
      "UPDATE OR IGNORE images SET url = ? WHERE url = ? AND id <= ? AND state != 'rejected'",
      address, old, last_old_spelling(db, "images"));
}

image_ref image_of(database& db, std::string const& address) {
  take_over_old_spelling(db, address);
  auto const parsed = url::parse(address);
  db.execute("INSERT INTO images (url, host, state) VALUES (?, ?, 'idle') ON CONFLICT DO NOTHING",
             address, parsed ? parsed->host() : std::string{});
  image_ref out{0, {}};
  db.query(
      "SELECT id, state FROM images WHERE url = ?",
      [&](SQLite::Statement& row) {
        out = {row.getColumn(0).getInt64(), row.getColumn(1).getString()};
      },
      address);
  return out;
}

void want_image(database& db, std::int64_t image_id) {
  db.execute(
      "UPDATE images SET state = 'pending', attempts = 0, due_at = 0 WHERE id = ? AND state != "
      "'pending'",
      image_id);
}

std::vector<std::string> candidates_of(std::vector<stored_event> const& events,
                                       std::uint32_t pixels, candidate_rule const& rule) {
  std::vector<std::string> out;
  for (auto const& one : events) {
    for (auto const& image : one.record.images) {
      for (auto& address : rule(image, pixels)) {
        if (out.size() >= max_candidates) return out;
        if (std::ranges::find(out, address) == out.end()) out.push_back(std::move(address));
      }
    }
  }
  return out;
}

rendition_id id_of(SQLite::Statement& row, int first) {
  return {row.getColumn(first).getString(), row.getColumn(first + 1).getString(),
          row.getColumn(first + 2).getString()};
}

}  // namespace

bool choose_image(database& db, rendition_id const& id,
                  std::vector<std::string> const& candidates) {
  std::optional<std::int64_t> chosen;
  for (auto const& address : candidates) {
    if (auto const image = image_of(db, address); image.state != "rejected") {
      chosen = image.id;
      break;
    }
  }
  std::optional<std::int64_t> current;
  std::string state;
  db.query(
      "SELECT image_id, state FROM renditions WHERE venue_tag = ? AND artist_slug = ? AND size = ?",
      [&](SQLite::Statement& row) {
        if (!row.getColumn(0).isNull()) current = row.getColumn(0).getInt64();
        state = row.getColumn(1).getString();
      },
      id.venue_tag, id.artist_slug, id.size);
  if (chosen && chosen == current && state == "done") return true;
  db.execute(
      "UPDATE renditions SET image_id = ?, state = ? WHERE venue_tag = ? AND artist_slug = ? AND "
      "size = ?",
      chosen, chosen ? "pending" : "failed", id.venue_tag, id.artist_slug, id.size);
  if (chosen) want_image(db, *chosen);
  return chosen.has_value();
}

void refer_images(database& db, artist_at_venue const& who, std::string const& today,
                  size_list const& sizes, candidate_rule const& candidates) {
  auto const events = events_of(db, who, today);
  for (auto const& [label, pixels] : sizes) {
    auto const wanted = candidates_of(events, pixels, candidates);
    if (wanted.empty()) continue;
    auto const record = to_record(wanted);
    rendition_id const id{who.first, who.second, label};
    auto const known = db.text(
        "SELECT candidates FROM renditions WHERE venue_tag = ? AND artist_slug = ? AND size = ?",
        id.venue_tag, id.artist_slug, id.size);
    if (known == record) continue;
    db.execute(
        "INSERT INTO renditions (venue_tag, artist_slug, size, candidates, state) VALUES (?, ?, ?, "
        "?, 'pending') ON CONFLICT DO UPDATE SET candidates = excluded.candidates",
        id.venue_tag, id.artist_slug, id.size, record);
    choose_image(db, id, wanted);
  }
}

std::vector<image_job> due_images(database& db, std::int64_t now_ms,
                                  std::set<std::int64_t> const& active, host_room const& room,
                                  std::string const& last_host, std::size_t limit) {
  std::vector<image_job> out;
  auto const next_host = [&](std::string const& after) {
    return db.text(
        "SELECT host FROM images WHERE state = 'pending' AND host > ? ORDER BY host LIMIT 1",
        after);
  };
  auto const take_of = [&](std::string const& host) {
    auto most = std::min(room(host), limit - out.size());
    if (most == 0) return;
    db.query(
        "SELECT id, url, host, corrupt_sha256, attempts, visits FROM images WHERE state = "
        "'pending' AND "
        "host = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?",
        [&](SQLite::Statement& row) {
          auto const id = row.getColumn(0).getInt64();
          if (most == 0 || active.contains(id)) return;
          --most;
          out.push_back({.id = id,
                         .url = row.getColumn(1).getString(),
                         .host = row.getColumn(2).getString(),
                         .corrupt_sha256 = row.getColumn(3).getString(),
                         .attempts = row.getColumn(4).getInt(),
                         .visits = row.getColumn(5).getInt(),
                         .wanted = {}});
        },
        host, now_ms, most + active.size());
  };
  auto host = next_host(last_host);
  for (; host && out.size() < limit; host = next_host(*host)) take_of(*host);
  // Round to the hosts before; a host without a name (an address that is none) comes here too.
  for (host = std::string{}; host && *host <= last_host && out.size() < limit;
       host = next_host(*host)) {
    take_of(*host);
  }
  for (auto& job : out) {
    db.query(
        "SELECT venue_tag, artist_slug, size, sha256 FROM renditions WHERE image_id = ? AND state "
        "= 'pending' ORDER BY venue_tag, artist_slug, size",
        [&](SQLite::Statement& row) {
          job.wanted.push_back({.id = id_of(row, 0),
                                .pixels = 0,
                                .ever_made = !row.getColumn(3).getString().empty()});
        },
        job.id);
  }
  return out;
}

void image_made(database& db, std::int64_t image_id, source_facts const& source,
                std::vector<made_rendition> const& made) {
  for (auto const& one : made) {
    auto const stored = db.text("SELECT sha256 FROM objects WHERE key = ?", one.id.key());
    // Only while it still wants this image: its candidates may have changed meanwhile.
    db.execute(
        "UPDATE renditions SET state = 'done', stored = ?, sha256 = ?, md5 = ?, width = ?, height "
        "= ?, "
        "bytes = ?, source_mime = ?, attempts = 0, due_at = 0 WHERE venue_tag = ? AND artist_slug "
        "= ? AND size = ? AND image_id = ?",
        stored == one.sha256, one.sha256, one.md5, one.width, one.height, one.bytes, source.mime,
        one.id.venue_tag, one.id.artist_slug, one.id.size, image_id);
  }
  db.execute(
      "UPDATE images SET state = CASE WHEN EXISTS (SELECT 1 FROM renditions WHERE image_id = ?1 "
      "AND state = 'pending') THEN 'pending' ELSE 'done' END, attempts = 0, due_at = 0, reason = "
      "'', evidence = '', corrupt_sha256 = '', visits = 0, sha256 = ?2, mime = ?3, width = ?4, "
      "height = ?5, "
      "bytes = ?6 WHERE id = ?1",
      image_id, source.sha256, source.mime, source.width, source.height, source.bytes);
}

void image_postponed(database& db, image_job const& job, int attempts, std::int64_t due_ms,
                     std::string const& corrupt_sha256) {
  db.execute("UPDATE images SET attempts = ?, due_at = ?, corrupt_sha256 = ? WHERE id = ?",
             attempts, due_ms, corrupt_sha256, job.id);
}

int image_rejected(database& db, image_job const& job, image_refusal const& why) {
  db.execute(
      "UPDATE images SET state = 'rejected', reason = ?, evidence = ?, refused_at = ?, revisit_at "
      "= "
      "?, hangs_on = ? WHERE id = ?",
      why.reason, why.evidence, why.at_ms, why.revisit_ms, why.hangs_on, job.id);
  struct follower {
    rendition_id id;
    std::vector<std::string> candidates;
  };
  std::vector<follower> followers;
  db.query(
      "SELECT venue_tag, artist_slug, size, candidates FROM renditions WHERE image_id = ? AND "
      "state = "
      "'pending'",
      [&](SQLite::Statement& row) {
        followers.push_back({id_of(row, 0), strings_from_record(row.getColumn(3).getString())});
      },
      job.id);
  int without = 0;
  for (auto const& one : followers) without += choose_image(db, one.id, one.candidates) ? 0 : 1;
  return without;
}

void image_parked(database& db, image_job const& job, std::string_view reason) {
  db.execute("UPDATE images SET state = 'parked', attempts = 0, reason = ? WHERE id = ?", reason,
             job.id);
}

void revive_parked_images(database& db) {
  db.execute(
      "UPDATE images SET state = 'pending', attempts = 0, due_at = 0 WHERE state = 'parked'");
}

void force_images(database& db, std::vector<std::string> const& venue_tags) {
  std::vector<std::pair<rendition_id, std::vector<std::string>>> all;
  db.query("SELECT venue_tag, artist_slug, size, candidates FROM renditions",
           [&](SQLite::Statement& row) {
             auto id = id_of(row, 0);
             if (!venue_tags.empty() &&
                 std::ranges::find(venue_tags, id.venue_tag) == venue_tags.end()) {
               return;
             }
             all.emplace_back(std::move(id), strings_from_record(row.getColumn(3).getString()));
           });
  for (auto const& [id, candidates] : all) {
    for (auto const& address : candidates) {
      db.execute(
          "UPDATE images SET state = 'idle', corrupt_sha256 = '' WHERE url = ? AND state = "
          "'rejected'",
          address);
    }
    db.execute(
        "UPDATE renditions SET state = 'pending' WHERE venue_tag = ? AND artist_slug = ? AND size "
        "= ?",
        id.venue_tag, id.artist_slug, id.size);
    choose_image(db, id, candidates);
  }
}

void take_sizes(database& db, std::string const& today, size_list const& sizes,
                candidate_rule const& candidates) {
  std::string record;
  for (auto const& [label, pixels] : sizes) {
    record += label + '=' + std::to_string(pixels) + '\n';
  }
  auto const before = read_note(db, "sizes");
  if (before == record) return;
  set_note(db, "sizes", record);
  if (!before) return;
  std::vector<rendition_id> changed;
  db.query("SELECT venue_tag, artist_slug, size FROM renditions", [&](SQLite::Statement& row) {
    auto id = id_of(row, 0);
    auto const known = std::ranges::find(sizes, id.size, &size_list::value_type::first);
    auto const same =
        known != sizes.end() &&
        before->find(id.size + '=' + std::to_string(known->second) + '\n') != std::string::npos;
    if (!same) changed.push_back(std::move(id));
  });
  for (auto const& id : changed) {
    if (std::ranges::find(sizes, id.size, &size_list::value_type::first) != sizes.end()) {
      rendition_lost(db, id);
    } else {
      db.execute("DELETE FROM renditions WHERE venue_tag = ? AND artist_slug = ? AND size = ?",
                 id.venue_tag, id.artist_slug, id.size);
    }
  }
  std::vector<artist_at_venue> everyone;
  db.query("SELECT DISTINCT venue_tag, artist_slug FROM events", [&](SQLite::Statement& row) {
    everyone.emplace_back(row.getColumn(0).getString(), row.getColumn(1).getString());
  });
  for (auto const& who : everyone) refer_images(db, who, today, sizes, candidates);
}

std::vector<rendition_row> made_renditions(database& db, rendition_id const& after,
                                           std::size_t limit) {
  std::vector<rendition_row> out;
  db.query(
      "SELECT r.venue_tag, r.artist_slug, r.size, i.url, r.sha256, r.width, r.height, r.bytes, "
      "r.source_mime, r.stored, r.versioned FROM renditions r LEFT JOIN images i ON i.id = "
      "r.image_id WHERE "
      "r.state = 'done' AND (r.venue_tag, r.artist_slug, r.size) > (?, ?, ?) ORDER BY r.venue_tag, "
      "r.artist_slug, r.size LIMIT ?",
      [&](SQLite::Statement& row) {
        out.push_back({.id = id_of(row, 0),
                       .url = row.getColumn(3).getString(),
                       .sha256 = row.getColumn(4).getString(),
                       .width = row.getColumn(5).getUInt(),
                       .height = row.getColumn(6).getUInt(),
                       .bytes = row.getColumn(7).getInt64(),
                       .source_mime = row.getColumn(8).getString(),
                       .stored = row.getColumn(9).getInt() != 0,
                       .versioned = row.getColumn(10).getInt() != 0});
      },
      after.venue_tag, after.artist_slug, after.size, limit);
  return out;
}

void rendition_lost(database& db, rendition_id const& id) {
  db.execute(
      "UPDATE renditions SET state = 'pending' WHERE venue_tag = ? AND artist_slug = ? AND size = "
      "?",
      id.venue_tag, id.artist_slug, id.size);
  auto const candidates = db.text(
      "SELECT candidates FROM renditions WHERE venue_tag = ? AND artist_slug = ? AND size = ?",
      id.venue_tag, id.artist_slug, id.size);
  if (candidates) choose_image(db, id, strings_from_record(*candidates));
}

}  // namespace vinny
