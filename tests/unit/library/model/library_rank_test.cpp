// SPDX-License-Identifier: MIT
#include "library/model/library_rank.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

library_hit row(std::int64_t id, std::string artist, std::string album) {
  return {.what = {id, std::move(artist), std::move(album)}};
}

std::vector<std::int64_t> ranked(std::vector<library_hit> hits, std::string_view query,
                                 std::size_t most = 10) {
  rank_hits(hits, read_query(query), most);
  std::vector<std::int64_t> out;
  for (auto const& one : hits) out.push_back(one.what.id);
  return out;
}

}  // namespace

TEST_CASE("the words of a query are folded, without articles, and not too many") {
  using words = std::vector<std::string>;
  CHECK(read_query("The Beatles: Abbey-Road").words == words{"beatles", "abbey", "road"});
  CHECK(read_query("Björk's").words == words{"bjorks"});
  CHECK(read_query("the the").words == words{"the", "the"});
  CHECK(read_query("Simon and Garfunkel").words == words{"simon", "garfunkel"});
  CHECK(read_query("\"*^ () -").words.empty());
  CHECK(read_query("1 2 3 4 5 6 7 8 9 10").words.size() == most_search_words);
  CHECK(read_query(std::string(300, 'x')).words.front().size() == 64);
  CHECK(read_query("The House of the Rising Sun").plain == "house of the rising sun");
}

TEST_CASE("the best are first: both names, one of them, then whole words") {
  std::vector<library_hit> const hits{
      row(1, "Queens of the Stone Age", "Queen Bees"), row(2, "Various", "A Night at the Queen"),
      row(3, "Queen", "Jazz"), row(4, "Queen", "Queen"), row(5, "Queenie", "Home")};
  CHECK(ranked(hits, "queen queen").front() == 4);
  CHECK(ranked(hits, "queen") == std::vector<std::int64_t>{3, 4, 1, 2, 5});
  CHECK(ranked({row(1, "X", "The House of the Rising Sun Live"),
                row(2, "Y", "The House of the Rising Sun")},
               "house of the rising sun") == std::vector<std::int64_t>{2, 1});
  CHECK(ranked(hits, "queen", 2) == std::vector<std::int64_t>{3, 4});
}
