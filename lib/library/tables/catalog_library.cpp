// SPDX-License-Identifier: MIT
#include "library/tables/catalog_library.hpp"

#include "library/tables/library.hpp"

namespace vinny {

task<result<std::vector<library_question>>> catalog_library::bare_rows(library_part part,
                                                                       std::int64_t after,
                                                                       std::size_t most) {
  return facts_.read(
      [part, after, most](database& db) { return vinny::bare_rows(db, part, after, most); });
}

task<result<library_filled>> catalog_library::fill_artwork(std::vector<library_find> found) {
  return facts_.write([found = std::move(found)](database& db) {
    return library_filled{.taken = vinny::fill_artwork(db, found)};
  });
}

task<result<std::int64_t>> catalog_library::fill_artist_names(std::int64_t most) {
  return facts_.write([most](database& db) { return vinny::fill_artist_names(db, most); });
}

task<result<std::int64_t>> catalog_library::nameless_rows() {
  return facts_.read([](database& db) { return vinny::nameless_rows(db); });
}

task<result<std::map<std::int64_t, std::string>>> catalog_library::artwork_of(
    std::vector<std::int64_t> ids) {
  return facts_.read([ids = std::move(ids)](database& db) { return vinny::artwork_of(db, ids); });
}

task<result<std::vector<library_hit>>> catalog_library::search(library_query query,
                                                               std::size_t most) {
  return facts_.read(
      [query = std::move(query), most](database& db) { return search_library(db, query, most); });
}

}  // namespace vinny
