// SPDX-License-Identifier: MIT
#include "library/tables/library.hpp"

#include <fmt/format.h>

#include <set>

#include "catalog/id_list.hpp"
#include "library/model/artwork_match.hpp"
#include "library/tables/library_words.hpp"

namespace vinny {
namespace {

constexpr std::size_t most_variants = 12;  // of one misspelt word
/// The whole of a text as one word, so that FTS5 has it by one look: behind a character for private
/// use, which is part of words to FTS5 and which no folded text has.
std::string whole(std::string_view text) {
  std::string out{"\xEE\x80\x80"};
  for (char const c : text) {
    if (c != ' ') out += c;
  }
  return out;
}

std::optional<std::string> text_or_null(std::string const& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

/// What a search looks in, of rows whose text may have changed.
void index_rows(database& db, std::vector<std::int64_t> const& ids) {
  struct text {
    std::int64_t id;
    std::string artist, album, label;
  };
  std::vector<text> rows;
  db.query(
      "SELECT l.id, coalesce(a.artist_name, l.artist_name, ''), l.album_title, l.label "
      "FROM json_each(?) AS wanted JOIN library AS l ON l.id = wanted.value "
      "LEFT JOIN library_artists AS a ON a.id = l.artist_id",
      [&rows](SQLite::Statement& row) {
        rows.push_back({row.getColumn(0).getInt64(), plain_name(row.getColumn(1).getString()),
                        plain_name(row.getColumn(2).getString()),
                        plain_name(row.getColumn(3).getString())});
      },
      id_list(ids));
  for (auto const& one : rows) {
    db.execute(
        "INSERT OR REPLACE INTO library_text (rowid, artist, album, label) VALUES (?, ?, ?, ?)",
        one.id, one.artist + ' ' + whole(one.artist), one.album + ' ' + whole(one.album),
        one.label);
    for (auto const* const part : {&one.artist, &one.album, &one.label}) learn_words(db, *part);
  }
}

/// Quotes are no part of a folded word.
std::string any_of(std::vector<std::string> const& words, bool as_prefix) {
  std::string out = "(";
  for (auto const& word : words) {
    if (out.size() > 1) out += " OR ";
    out += fmt::format("\"{}\"{}", word, as_prefix ? " *" : "");
  }
  return out + ")";
}

std::string all_of(std::vector<std::string> const& words, bool as_prefix) {
  std::string out;
  for (auto const& word : words) out += (out.empty() ? "" : " AND ") + any_of({word}, as_prefix);
  return out;
}

bool begins_some(database& db, std::string const& word) {
  return db.number("SELECT 1 FROM library_text WHERE library_text MATCH ? LIMIT 1",
                   fmt::format("\"{}\" *", word)) != 0;
}

void match(database& db, std::string const& expression, std::size_t most,
           std::vector<library_hit>& into, std::set<std::int64_t>& seen) {
  db.query(
      "SELECT l.id, coalesce(a.artist_name, l.artist_name, ''), l.album_title, l.label, "
      "coalesce(l.artwork_url, ''), l.discogs_unavailable "
      "FROM (SELECT rowid FROM library_text WHERE library_text MATCH ? LIMIT ?) AS found "
      "JOIN library AS l ON l.id = found.rowid "
      "LEFT JOIN library_artists AS a ON a.id = l.artist_id",
      [&](SQLite::Statement& row) {
        library_hit one{.what = {row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                                 row.getColumn(2).getString()},
                        .label = row.getColumn(3).getString(),
                        .artwork_url = row.getColumn(4).getString()};
        one.can_ask =
            one.artwork_url.empty() && row.getColumn(5).getInt() == 0 && !one.what.artist.empty();
        if (seen.insert(one.what.id).second) into.push_back(std::move(one));
      },
      expression, most);
}

}  // namespace

void put_library_rows(database& db, std::span<library_row const> rows) {
  std::vector<std::int64_t> ids;
  ids.reserve(rows.size());
  for (auto const& one : rows) {
    // Of another album nothing is known.
    db.execute(
        "DELETE FROM library_lookups WHERE row_id = ?1 AND settled = 1 AND EXISTS (SELECT 1 FROM "
        "library WHERE id = ?1 AND (artist_id <> ?2 OR album_title <> ?3))",
        one.id, one.artist_id, one.album_title);
    db.execute(
        "INSERT INTO library (id, artist_id, album_title, label, artwork_url, discogs_unavailable) "
        "VALUES (?1, ?2, ?3, coalesce(?4, ''), ?5, coalesce(?6, 0)) "
        "ON CONFLICT (id) DO UPDATE SET artist_id = ?2, album_title = ?3, "
        "artist_name = CASE WHEN artist_id = ?2 THEN artist_name END, "
        "label = coalesce(?4, label), artwork_url = coalesce(?5, artwork_url), "
        "discogs_unavailable = coalesce(?6, discogs_unavailable)",
        one.id, one.artist_id, one.album_title, one.label, text_or_null(one.artwork_url),
        one.discogs_unavailable);
    ids.push_back(one.id);
  }
  index_rows(db, ids);
}

void put_library_artists(database& db, std::span<library_artist const> artists) {
  std::vector<std::int64_t> renamed;
  for (auto const& one : artists) {
    auto const before = db.text("SELECT artist_name FROM library_artists WHERE id = ?", one.id);
    db.execute(
        "INSERT INTO library_artists (id, artist_name, discogs_artist_id) VALUES (?1, ?2, ?3) "
        "ON CONFLICT (id) DO UPDATE SET artist_name = ?2, "
        "discogs_artist_id = CASE WHEN ?4 THEN ?3 ELSE discogs_artist_id END",
        one.id, one.artist_name, one.discogs_artist_id, one.tells_discogs);
    if (before == one.artist_name) continue;
    db.execute("UPDATE library SET artist_name = NULL WHERE artist_id = ?", one.id);
    db.execute(
        "DELETE FROM library_lookups WHERE settled = 1 AND row_id IN "
        "(SELECT id FROM library WHERE artist_id = ?)",
        one.id);
    db.query(
        "SELECT id FROM library WHERE artist_id = ?",
        [&renamed](SQLite::Statement& row) { renamed.push_back(row.getColumn(0).getInt64()); },
        one.id);
  }
  if (!renamed.empty()) index_rows(db, renamed);
}

std::map<std::int64_t, std::string> artwork_of(database& db, std::vector<std::int64_t> const& ids) {
  std::map<std::int64_t, std::string> out;
  db.query(
      "SELECT l.id, l.artwork_url FROM json_each(?) AS wanted JOIN library AS l "
      "ON l.id = wanted.value WHERE l.artwork_url IS NOT NULL",
      [&out](SQLite::Statement& row) {
        out.emplace(row.getColumn(0).getInt64(), row.getColumn(1).getString());
      },
      id_list(ids));
  return out;
}

std::vector<library_question> bare_rows(database& db, library_part part, std::int64_t after,
                                        std::size_t most) {
  std::vector<library_question> out;
  db.query(
      "SELECT l.id, a.artist_name, l.album_title FROM library AS l "
      "JOIN library_artists AS a ON a.id = l.artist_id "
      "WHERE l.artwork_url IS NULL AND l.discogs_unavailable = 0 "
      "AND a.discogs_artist_id IS NOT NULL AND l.id > ?1 AND (l.id % ?2 + ?2) % ?2 = ?3 ORDER BY "
      "l.id LIMIT ?4",
      [&out](SQLite::Statement& row) {
        out.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                       row.getColumn(2).getString()});
      },
      after, part.count, part.index, most);
  return out;
}

std::vector<std::int64_t> fill_artwork(database& db, std::span<library_find const> found) {
  std::vector<std::int64_t> out;
  for (auto const& one : found) {
    int const changed = db.execute(
        "UPDATE library SET artwork_url = ? WHERE id = ? AND artwork_url IS NULL", one.url, one.id);
    if (changed > 0) out.push_back(one.id);
  }
  return out;
}

std::int64_t fill_artist_names(database& db, std::int64_t most) {
  return db.execute(
      "UPDATE library SET artist_name = a.artist_name FROM library_artists AS a "
      "WHERE a.id = library.artist_id AND library.artist_name IS NULL AND library.id IN "
      "(SELECT l.id FROM library AS l WHERE l.artist_name IS NULL AND EXISTS "
      "(SELECT 1 FROM library_artists AS known WHERE known.id = l.artist_id) "
      "ORDER BY l.id LIMIT ?)",
      most);
}

std::int64_t nameless_rows(database& db) {
  return db.number("SELECT count(*) FROM library WHERE artist_name IS NULL");
}

std::vector<library_hit> search_library(database& db, library_query const& query,
                                        std::size_t most) {
  std::vector<library_hit> out;
  auto const& words = query.words;
  std::set<std::int64_t> seen;
  if (words.empty()) return out;
  // Beginnings last: FTS5 merges the rows of every word that begins so before it gives the first.
  match(db, fmt::format("{{artist album}} : \"{}\"", whole(query.plain)), most, out, seen);
  auto const all = all_of(words, true);
  for (auto const& expression : {all_of(words, false), all}) {
    if (out.size() < most) match(db, expression, most, out, seen);
  }
  if (!out.empty()) return out;
  std::string forgiving;
  for (auto const& word : words) {
    forgiving += forgiving.empty() ? "" : " AND ";
    auto alike =
        begins_some(db, word) ? std::vector<std::string>{} : words_like(db, word, most_variants);
    bool const as_prefix = alike.empty();
    if (alike.empty()) alike.push_back(word);
    forgiving += any_of(alike, as_prefix);
  }
  if (forgiving != all) match(db, forgiving, most, out, seen);
  return out;
}

}  // namespace vinny
