// SPDX-License-Identifier: MIT
//
// The statements for a library in PostgreSQL. Pure. Tables and columns are the operator's; nothing
// is created there but, by his own hand, the indexes of index_script().
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vinny {

/// What the tables have and what they need not have.
struct library_shape {
  std::string library;  // "schema"."table"
  std::string artists;
  bool has_label = false;
  bool has_artist_name = false;
  bool has_unavailable = false;
  bool has_icu = false;  // its lower() knows every letter, whatever the database's locale

  friend bool operator==(library_shape const&, library_shape const&) = default;
};

/// A name in double quotes.
[[nodiscard]] std::string sql_identifier(std::string_view name);

/// Gives the database's encoding, and whether it has ICU.
[[nodiscard]] std::string database_sql();
/// $1: the table. Gives its columns and their types.
[[nodiscard]] std::string columns_sql();
/// $1: behind this id; $2, $3: the part; $4: at most. Gives id, artist, album.
[[nodiscard]] std::string bare_rows_sql(library_shape const& of);
/// $1: [{"id","url"},…]. Gives the ids of rows that took theirs.
[[nodiscard]] std::string fill_artwork_sql(library_shape const& of);
/// $1: at most.
[[nodiscard]] std::string fill_names_sql(library_shape const& of);
[[nodiscard]] std::string nameless_sql(library_shape const& of);
/// $1: {1,2,…}. Gives id, url of rows that have some.
[[nodiscard]] std::string artwork_sql(library_shape const& of);
/// $1: behind this id; $2: at most. Gives id, artist, album, label.
[[nodiscard]] std::string texts_sql(library_shape const& of);

/// $1: names as an array; $2: at most. Rows whose artist or album is one of them; id, artist,
/// album, label, url, unavailable.
[[nodiscard]] std::string named_sql(library_shape const& of);
/// $1 to $words: a tsquery for each word; the next: at most. Rows in which each is found.
[[nodiscard]] std::string worded_sql(library_shape const& of, std::size_t words);
/// $1: a tsquery. Gives true or false.
[[nodiscard]] std::string begins_sql(library_shape const& of);

/// Words of which one must be there, as a tsquery. They are folded: letters and digits.
[[nodiscard]] std::string any_of_words(std::span<std::string const> words, bool as_prefix);
/// How a folded name without its article may be written in the table, as an array.
[[nodiscard]] std::string spellings(std::string const& plain);

/// What makes searches fast, for psql.
[[nodiscard]] std::string index_script(library_shape const& of);

}  // namespace vinny
