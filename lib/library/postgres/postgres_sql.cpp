// SPDX-License-Identifier: MIT
#include "library/postgres/postgres_sql.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace vinny {
namespace {

/// Text as folded_words() has it, as nearly as PostgreSQL can say it without extensions: every
/// function here is immutable, so that an index can be made of it.
std::string folded(library_shape const& of, std::string_view text) {
  auto out = fmt::format("lower(normalize(coalesce({}, ''), NFKD){})", text,
                         of.has_icu ? " COLLATE \"und-x-icu\"" : "");
  out = fmt::format(R"(regexp_replace({}, '[\u0300-\u036f''\u2019]+', '', 'g'))", out);
  out = fmt::format("translate({}, 'øłđðıςØŁĐÐÆŒÞ', 'olddiσoldd' || 'æœþ')", out);
  for (auto const& [letter, spelling] :
       {std::pair{"ß", "ss"}, {"æ", "ae"}, {"œ", "oe"}, {"þ", "th"}}) {
    out = fmt::format("replace({}, '{}', '{}')", out, letter, spelling);
  }
  constexpr std::string_view no_letters =
      R"([\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u3004\u3008-\u3020\u30fb]+)";
  return fmt::format("regexp_replace({}, '{}', ' ', 'g')", out, no_letters);
}

/// A whole name: as plain_name() has it but for articles.
std::string name_of(library_shape const& of, std::string_view text) {
  return fmt::format("btrim(replace(' ' || {} || ' ', ' and ', ' ')) COLLATE \"C\"",
                     folded(of, text));
}

std::string words_of(library_shape const& of, std::string_view text) {
  return fmt::format("to_tsvector('simple', {})", folded(of, text));
}

/// The words of a row's own columns. Texts are joined by ||, which is immutable; concat() is not.
std::string row_words(library_shape const& of, std::string_view table) {
  auto text = fmt::format("coalesce({}album_title, '')", table);
  if (of.has_label) text += fmt::format(" || ' ' || coalesce({}label, '')", table);
  if (of.has_artist_name) text += fmt::format(" || ' ' || coalesce({}artist_name, '')", table);
  return words_of(of, '(' + text + ')');
}

std::string artist_column(library_shape const& of) {
  return of.has_artist_name ? "coalesce(a.artist_name, l.artist_name, '')"
                            : "coalesce(a.artist_name, '')";
}

std::string label_column(library_shape const& of) {
  return of.has_label ? "coalesce(l.label, '')" : "''";
}

std::string hits_where(library_shape const& of, std::string_view condition, std::size_t limit) {
  return fmt::format(
      "SELECT l.id, {}, l.album_title, {}, coalesce(l.artwork_url, ''), {} FROM {} AS l LEFT JOIN "
      "{} "
      "AS a ON a.id = l.artist_id WHERE {} LIMIT ${}::bigint",
      artist_column(of), label_column(of),
      of.has_unavailable ? "coalesce(l.discogs_unavailable, false)" : "false", of.library,
      of.artists, condition, limit);
}

}  // namespace

std::string sql_identifier(std::string_view name) {
  std::string out{name};
  replace_all(out, "\"", "\"\"");
  return '"' + out + '"';
}

std::string database_sql() {
  return "SELECT getdatabaseencoding(), "
         "EXISTS(SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu')";
}

std::string columns_sql() {
  return "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = "
         "to_regclass($1) AND attnum > 0 "
         "AND NOT attisdropped";
}

std::string bare_rows_sql(library_shape const& of) {
  return fmt::format(
      "SELECT l.id, a.artist_name, l.album_title FROM {} AS l JOIN {} AS a ON a.id = l.artist_id "
      "WHERE l.artwork_url IS NULL AND a.discogs_artist_id IS NOT NULL{} AND l.id > $1::bigint "
      "AND (l.id % $2::bigint + $2::bigint) % $2::bigint = $3::bigint ORDER BY l.id LIMIT "
      "$4::bigint",
      of.library, of.artists, of.has_unavailable ? " AND l.discogs_unavailable IS NOT TRUE" : "");
}

std::string fill_artwork_sql(library_shape const& of) {
  return fmt::format(
      "UPDATE {} AS l SET artwork_url = f.url FROM json_to_recordset($1::json) AS f(id bigint, url "
      "text) WHERE l.id = f.id AND l.artwork_url IS NULL RETURNING l.id",
      of.library);
}

std::string fill_names_sql(library_shape const& of) {
  return fmt::format(
      "UPDATE {0} AS l SET artist_name = a.artist_name FROM {1} AS a WHERE a.id = l.artist_id "
      "AND l.artist_name IS NULL AND l.id IN (SELECT n.id FROM {0} AS n JOIN {1} AS k "
      "ON k.id = n.artist_id WHERE n.artist_name IS NULL AND k.artist_name IS NOT NULL "
      "ORDER BY n.id LIMIT $1::bigint)",
      of.library, of.artists);
}

std::string nameless_sql(library_shape const& of) {
  return fmt::format("SELECT count(*) FROM {} WHERE artist_name IS NULL", of.library);
}

std::string artwork_sql(library_shape const& of) {
  return fmt::format(
      "SELECT id, artwork_url FROM {} WHERE id = ANY($1::bigint[]) AND artwork_url IS NOT NULL",
      of.library);
}

std::string texts_sql(library_shape const& of) {
  return fmt::format(
      "SELECT l.id, {}, l.album_title, {} FROM {} AS l LEFT JOIN {} AS a ON a.id = l.artist_id "
      "WHERE l.id > $1::bigint ORDER BY l.id LIMIT $2::bigint",
      artist_column(of), label_column(of), of.library, of.artists);
}

std::string named_sql(library_shape const& of) {
  return hits_where(
      of,
      fmt::format(
          "(({}) = ANY($1::text[]) OR l.artist_id = ANY(ARRAY(SELECT x.id FROM {} AS x WHERE "
          "({}) = ANY($1::text[]))))",
          name_of(of, "l.album_title"), of.artists, name_of(of, "x.artist_name")),
      2);
}

std::string worded_sql(library_shape const& of, std::size_t words) {
  std::string in_row, each;
  for (std::size_t i = 1; i <= words; ++i) {
    auto const query = fmt::format("to_tsquery('simple', ${})", i);
    in_row += (in_row.empty() ? "" : " && ") + query;
    // Both halves are conditions on one table, so that indexes can be combined for it.
    each += fmt::format(
        "{}({} @@ {} OR l.artist_id = ANY(ARRAY(SELECT x.id FROM {} AS x WHERE {} @@ {})))",
        each.empty() ? "" : " AND ", row_words(of, "l."), query, of.artists,
        words_of(of, "x.artist_name"), query);
  }
  // A row that has its artist's name needs no look at the artists, which costs the most.
  auto const found = of.has_artist_name
                         ? fmt::format("({} @@ ({}) OR (l.artist_name IS NULL AND {}))",
                                       row_words(of, "l."), in_row, each)
                         : each;
  return hits_where(of, found, words + 1);
}

std::string begins_sql(library_shape const& of) {
  return fmt::format(
      "SELECT EXISTS(SELECT 1 FROM {} AS l WHERE {} @@ to_tsquery('simple', $1)) OR "
      "EXISTS(SELECT 1 FROM {} AS x WHERE {} @@ to_tsquery('simple', $1))",
      of.library, row_words(of, "l."), of.artists, words_of(of, "x.artist_name"));
}

std::string any_of_words(std::span<std::string const> words, bool as_prefix) {
  std::string out;
  for (auto const& word : words) {
    out += fmt::format("{}'{}'{}", out.empty() ? "" : " | ", word, as_prefix ? ":*" : "");
  }
  return out;
}

std::string spellings(std::string const& plain) {
  return fmt::format(R"({{"{0}","the {0}","a {0}","an {0}","{0} the","{0} a","{0} an"}})", plain);
}

std::string index_script(library_shape const& of) {
  std::string out =
      "-- Indexes for searches by vinny. They keep nobody from writing while they are made.\n";
  auto const add = [&out](std::string_view name, std::string_view table, std::string_view how) {
    out += fmt::format("CREATE INDEX CONCURRENTLY IF NOT EXISTS {} ON {} {};\n", name, table, how);
  };
  add("vinny_library_words", of.library, fmt::format("USING gin ({})", row_words(of, "")));
  if (of.has_artist_name) {
    add("vinny_library_nameless", of.library, "(id) WHERE artist_name IS NULL");
  }
  add("vinny_library_album", of.library, fmt::format("(({}))", name_of(of, "album_title")));
  add("vinny_library_artist", of.library, "(artist_id)");
  add("vinny_artists_words", of.artists,
      fmt::format("USING gin ({})", words_of(of, "artist_name")));
  add("vinny_artists_name", of.artists, fmt::format("(({}))", name_of(of, "artist_name")));
  return out + fmt::format("ANALYZE {};\nANALYZE {};\n", of.library, of.artists);
}

}  // namespace vinny
