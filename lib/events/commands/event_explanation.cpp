// SPDX-License-Identifier: MIT
#include "events/commands/event_explanation.hpp"

#include <fmt/format.h>

#include "catalog/old_spelling.hpp"
#include "core/errc.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "events/tables/records.hpp"

namespace vinny {
namespace {

void explain_page(database& db, std::string const& subject, std::vector<explanation>& out) {
  db.query(
      "SELECT p.url, p.state, p.lastmod, p.attempts, p.due_at, (SELECT group_concat(venue_tag || "
      "CASE lastmod WHEN '' THEN '' ELSE ' at ' || lastmod END, ', ') FROM page_index i WHERE "
      "i.page_id = p.id), (SELECT group_concat(base_key, ', ') FROM sightings s WHERE s.page_id = "
      "p.id), (SELECT at || ' ' || reason || ': ' || message FROM errors e WHERE e.step = 'scrape' "
      "AND "
      "e.url = ?2 ORDER BY id DESC LIMIT 1) FROM pages p WHERE p.url = ?1",
      [&](SQLite::Statement& row) {
        auto const state = row.getColumn(1).getString();
        explanation one{"page",
                        {{"url", safe_url(row.getColumn(0).getString())}, {"state", state}}};
        one.facts.emplace_back("lastmod in the sitemap", row.getColumn(2).getString());
        one.facts.emplace_back("read for", row.getColumn(5).getString());
        one.facts.emplace_back("events", row.getColumn(6).getString());
        if (state == "pending") {
          one.facts.emplace_back("attempts", std::to_string(row.getColumn(3).getInt()));
          one.facts.emplace_back("due", due_text(row.getColumn(4).getInt64()));
        }
        one.facts.emplace_back("last failure", row.getColumn(7).getString());
        out.push_back(std::move(one));
      },
      subject, safe_url(subject));
}

void explain_image(database& db, std::string const& subject, std::vector<explanation>& out) {
  db.query(
      "SELECT i.url, i.state, i.reason, i.attempts, i.due_at, i.mime, i.width, i.height, i.bytes, "
      "i.evidence, (SELECT group_concat(venue_tag || '/' || artist_slug || '/' || size || ' ' || "
      "state, ', ') FROM renditions r WHERE r.image_id = i.id) FROM images i WHERE i.url = ?",
      [&](SQLite::Statement& row) {
        auto const reason = row.getColumn(2).getString();
        explanation one{"image",
                        {{"url", safe_url(row.getColumn(0).getString())},
                         {"state", row.getColumn(1).getString()}}};
        if (!reason.empty()) {
          one.facts.emplace_back("reason",
                                 fmt::format("{}: {}", reason, describe(errc_from_name(reason))));
        }
        if (row.getColumn(6).getInt() > 0) {
          one.facts.emplace_back(
              "source", fmt::format("{}, {} × {} px, {} bytes", row.getColumn(5).getString(),
                                    row.getColumn(6).getInt(), row.getColumn(7).getInt(),
                                    row.getColumn(8).getInt64()));
        }
        one.facts.emplace_back("used for", row.getColumn(10).getString());
        one.facts.emplace_back("evidence", row.getColumn(9).getString());
        out.push_back(std::move(one));
      },
      subject);
}

void explain_file(database& db, std::string const& subject, std::vector<explanation>& out) {
  db.query(
      "SELECT r.venue_tag, r.artist_slug, r.size, r.state, r.stored, r.width, r.height, r.bytes, "
      "i.url, i.state, i.reason, o.confirmed_at, (SELECT at || ' ' || reason || ': ' || message "
      "FROM "
      "errors e WHERE e.key = ?1 ORDER BY id DESC LIMIT 1) FROM renditions r LEFT JOIN images i ON "
      "i.id = "
      "r.image_id LEFT JOIN objects o ON o.key = 'artists/' || r.artist_slug || '/' || "
      "r.artist_slug || '_' || r.venue_tag || '_' || r.size || '.jpg' WHERE ?1 LIKE 'artists/%' "
      "AND "
      "?1 = 'artists/' || r.artist_slug || '/' || r.artist_slug || '_' || r.venue_tag || '_' || "
      "r.size || '.jpg'",
      [&](SQLite::Statement& row) {
        explanation one{"file", {{"key", subject}, {"state", row.getColumn(3).getString()}}};
        one.facts.emplace_back("made from", safe_url(row.getColumn(8).getString()));
        one.facts.emplace_back("that image is",
                               std::string{trim(fmt::format("{} {}", row.getColumn(9).getString(),
                                                            row.getColumn(10).getString()))});
        if (row.getColumn(5).getInt() > 0) {
          one.facts.emplace_back(
              "size", fmt::format("{} × {} px, {} bytes", row.getColumn(5).getInt(),
                                  row.getColumn(6).getInt(), row.getColumn(7).getInt64()));
        }
        one.facts.emplace_back("last failure", row.getColumn(12).getString());
        one.facts.emplace_back("in the store", row.getColumn(4).getInt() != 0
                                                   ? "since " + row.getColumn(11).getString()
                                                   : "not yet");
        out.push_back(std::move(one));
      },
      subject);
}

void explain_event(database& db, std::string const& subject, std::vector<explanation>& out) {
  db.query(
      "SELECT e.record, e.scraped_at, e.updated_at, (SELECT group_concat(p.url, ', ') FROM "
      "sightings s JOIN pages p ON p.id = s.page_id WHERE s.base_key = e.base_key) FROM events e "
      "WHERE e.composite_key = ?",
      [&](SQLite::Statement& row) {
        auto const record = event_from_record(row.getColumn(0).getString());
        out.push_back({"event",
                       {{"key", subject},
                        {"title", record.title},
                        {"performers", fmt::format("{}", fmt::join(record.performers, ", "))},
                        {"starts", record.starts_at.empty() ? record.date : record.starts_at},
                        {"status", std::string{name(record.status)}},
                        {"seen on", row.getColumn(3).getString()},
                        {"images", fmt::format("{}", fmt::join(record.images, ", "))},
                        {"scraped", row.getColumn(1).getString()},
                        {"last changed", row.getColumn(2).getString()}}});
      },
      subject);
}

void explain_artist(database& db, std::string const& subject, std::vector<explanation>& out) {
  db.query(
      "SELECT a.name, (SELECT group_concat(composite_key, ', ') FROM events e WHERE e.artist_slug "
      "= "
      "a.slug), (SELECT group_concat(venue_tag || '/' || size || ' ' || state, ', ') FROM "
      "renditions "
      "r WHERE r.artist_slug = a.slug) FROM artists a WHERE a.slug = ?",
      [&](SQLite::Statement& row) {
        out.push_back({"artist",
                       {{"name", row.getColumn(0).getString()},
                        {"headlines", row.getColumn(1).getString()},
                        {"files", row.getColumn(2).getString()}}});
      },
      subject);
}

}  // namespace

void explain_event_matter(database& db, std::string const& subject, std::vector<explanation>& out) {
  auto const parsed = url::parse(subject);
  auto const address = parsed ? parsed->str() : subject;
  explain_page(db, address, out);
  explain_image(db, address, out);
  if (auto const old = old_spelling(address); old != address) {
    explain_page(db, old, out);
    explain_image(db, old, out);
  }
  explain_file(db, subject, out);
  explain_event(db, subject, out);
  explain_artist(db, subject, out);
}

}  // namespace vinny
