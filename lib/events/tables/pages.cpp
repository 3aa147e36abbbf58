// SPDX-License-Identifier: MIT
#include "events/tables/pages.hpp"

#include <algorithm>

#include "catalog/old_spelling.hpp"
#include "events/tables/records.hpp"

namespace vinny {
namespace {

bool read_for_all(database& db, std::int64_t page_id, std::vector<std::string> const& tags,
                  std::string const& lastmod, is_newer const& newer) {
  for (auto const& tag : tags) {
    auto const seen =
        db.text("SELECT lastmod FROM page_index WHERE page_id = ? AND venue_tag = ?", page_id, tag);
    if (!seen || (*seen != lastmod && newer(lastmod, *seen))) return false;
  }
  return true;
}

/// Where the page is not known, one that was known by its old spelling is it.
void take_over_old_spelling(database& db, std::string const& site, std::string const& address,
                            std::int64_t last_old) {
  auto const old = old_spelling(address);
  if (old == address) return;
  db.execute("UPDATE OR IGNORE pages SET url = ? WHERE site = ? AND url = ? AND id <= ?", address,
             site, old, last_old);
}

}  // namespace

listing_outcome list_pages(database& db, page_listing const& listing, is_newer const& newer) {
  listing_outcome out;
  auto const last_old = last_old_spelling(db, "pages");
  for (auto const& page : listing.pages) {
    if (last_old > 0) take_over_old_spelling(db, listing.site, page.url, last_old);
    db.execute(
        "INSERT INTO pages (site, sitemap, url, host, lastmod, state) VALUES (?, ?, ?, ?, ?, "
        "'new') ON CONFLICT (site, url) DO UPDATE SET lastmod = excluded.lastmod, sitemap = "
        "excluded.sitemap WHERE lastmod IS NOT excluded.lastmod OR sitemap IS NOT excluded.sitemap",
        listing.site, listing.sitemap, page.url, page.host, page.lastmod);
    auto const id =
        db.number("SELECT id FROM pages WHERE site = ? AND url = ?", listing.site, page.url);
    bool const current = !listing.full && !page.lastmod.empty() &&
                         read_for_all(db, id, listing.venue_tags, page.lastmod, newer);
    if (current) {
      ++out.unchanged;
      continue;
    }
    ++out.due;
    db.execute("UPDATE pages SET state = 'pending', attempts = 0, due_at = 0 WHERE id = ?", id);
    // The validators belong to a reading for venues that are in the index.
    bool const new_to_a_venue =
        !read_for_all(db, id, listing.venue_tags, {}, [](auto&, auto&) { return false; });
    if (listing.full || new_to_a_venue) {
      db.execute("UPDATE pages SET etag = '', last_modified = '', sha256 = '' WHERE id = ?", id);
    }
  }
  return out;
}

std::vector<listed_page> pages_listed_by(database& db, std::string const& site,
                                         std::string const& sitemap) {
  std::vector<listed_page> out;
  db.query(
      "SELECT url, host, lastmod FROM pages WHERE site = ? AND sitemap = ? ORDER BY id",
      [&](SQLite::Statement& row) {
        out.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(),
                       row.getColumn(2).getString()});
      },
      site, sitemap);
  return out;
}

std::vector<page_job> due_pages(database& db, site_room const& room, std::int64_t now_ms,
                                std::set<std::int64_t> const& active, std::size_t limit) {
  std::vector<page_job> out;
  auto const share = room.empty() ? 0 : limit / room.size() + 1;
  for (auto const& [site, has_room_for] : room) {
    auto const most = std::min(share, has_room_for);
    std::size_t taken = 0;
    db.query(
        "SELECT id, site, url, host, lastmod, etag, last_modified, sha256, attempts FROM pages "
        "WHERE state = 'pending' AND site = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?",
        [&](SQLite::Statement& row) {
          auto const id = row.getColumn(0).getInt64();
          if (active.contains(id) || taken >= most || out.size() >= limit) return;
          ++taken;
          out.push_back({.id = id,
                         .site = row.getColumn(1).getString(),
                         .url = row.getColumn(2).getString(),
                         .host = row.getColumn(3).getString(),
                         .lastmod = row.getColumn(4).getString(),
                         .etag = row.getColumn(5).getString(),
                         .last_modified = row.getColumn(6).getString(),
                         .sha256 = row.getColumn(7).getString(),
                         .attempts = row.getColumn(8).getInt()});
        },
        site, now_ms, most + active.size());
  }
  return out;
}

void page_read(database& db, page_job const& job, page_outcome const& outcome) {
  db.execute(
      "UPDATE pages SET state = 'done', attempts = 0, etag = ?, last_modified = ?, sha256 = ? "
      "WHERE id = ?",
      outcome.etag, outcome.last_modified, outcome.sha256, job.id);
  for (auto const& tag : outcome.venue_tags) {
    db.execute(
        "INSERT INTO page_index (page_id, venue_tag, lastmod) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET lastmod = excluded.lastmod",
        job.id, tag, job.lastmod);
  }
}

void page_postponed(database& db, page_job const& job, int attempts, std::int64_t due_ms) {
  db.execute("UPDATE pages SET attempts = ?, due_at = ? WHERE id = ?", attempts, due_ms, job.id);
}

void page_failed(database& db, page_job const& job) {
  // Nothing of an earlier reading may make the next run pass over it.
  db.execute(
      "UPDATE pages SET state = 'failed', attempts = 0, etag = '', last_modified = '', sha256 = '' "
      "WHERE id = ?",
      job.id);
  db.execute("DELETE FROM page_index WHERE page_id = ?", job.id);
}

std::optional<sitemap_note> known_sitemap(database& db, std::string const& site,
                                          std::string const& url) {
  std::optional<sitemap_note> out;
  db.query(
      "SELECT etag, last_modified, children FROM sitemaps WHERE site = ? AND url = ?",
      [&](SQLite::Statement& row) {
        out = sitemap_note{row.getColumn(0).getString(), row.getColumn(1).getString(),
                           strings_from_record(row.getColumn(2).getString())};
      },
      site, url);
  return out;
}

void sitemap_read(database& db, std::string const& site, std::string const& url,
                  sitemap_note const& note) {
  db.execute(
      "INSERT INTO sitemaps (site, url, etag, last_modified, children) VALUES (?, ?, ?, ?, ?) ON "
      "CONFLICT "
      "DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified, children = "
      "excluded.children",
      site, url, note.etag, note.last_modified, to_record(note.children));
}

}  // namespace vinny
