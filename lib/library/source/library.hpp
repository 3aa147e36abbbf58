// SPDX-License-Identifier: MIT
//
// A library, wherever its rows are. Everything here waits for a database and belongs on the loop.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/failure.hpp"
#include "library/model/library.hpp"
#include "library/model/library_rank.hpp"
#include "task/task.hpp"

namespace vinny {

class library {
 public:
  virtual ~library() = default;

  /// Which one it is: what is known of one is not believed of another.
  [[nodiscard]] virtual std::string name() const = 0;

  /// Rows that may be asked about (no artwork, not unavailable, the artist known to Discogs), by
  /// id, from behind `after` on.
  [[nodiscard]] virtual task<result<std::vector<library_question>>> bare_rows(library_part part,
                                                                              std::int64_t after,
                                                                              std::size_t most) = 0;

  /// One transaction. Never over artwork that is there.
  [[nodiscard]] virtual task<result<library_filled>> fill_artwork(
      std::vector<library_find> found) = 0;

  /// One transaction; how many rows took their artist's name.
  [[nodiscard]] virtual task<result<std::int64_t>> fill_artist_names(std::int64_t most) = 0;
  /// Rows that have no artist's name.
  [[nodiscard]] virtual task<result<std::int64_t>> nameless_rows() = 0;

  /// What these rows have for artwork; rows without are left out.
  [[nodiscard]] virtual task<result<std::map<std::int64_t, std::string>>> artwork_of(
      std::vector<std::int64_t> ids) = 0;

  /// Rows for a search, unordered: those in which each of its words begins some word of artist,
  /// album or label. Whose artist or album is the query, and those that have its words whole, are
  /// never cut off for others. Typing errors are forgiven where a word would find nothing.
  [[nodiscard]] virtual task<result<std::vector<library_hit>>> search(library_query query,
                                                                      std::size_t most) = 0;
  /// Takes note of the words of rows that came since the last time, so that typing errors in them
  /// can be forgiven. Takes as long as there are rows.
  [[nodiscard]] virtual task<result<>> index_new_words() = 0;

  /// What an operator may feed to his database so that searches are fast; empty: they are.
  [[nodiscard]] virtual task<result<std::string>> index_script() = 0;
};

}  // namespace vinny
