// SPDX-License-Identifier: MIT
//
// Which rows a search shows first. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "library/model/library.hpp"

namespace vinny {

inline constexpr std::size_t most_search_words = 8;

struct library_query {
  std::string plain{};               // as plain_name() has it
  std::vector<std::string> words{};  // folded; without articles and "and" where there are others
};

/// No more than most_search_words; no words: there is nothing to search for.
[[nodiscard]] library_query read_query(std::string_view text);

/// Why nothing can be searched for with it; empty: it can.
[[nodiscard]] std::string_view why_no_search(std::string_view text);

/// The best first: artist and album are the query, one of them is, then the more of the words are
/// there as a whole. Equal ones by artist, album and id. Cut off at `most`.
void rank_hits(std::vector<library_hit>& hits, library_query const& query, std::size_t most);

}  // namespace vinny
