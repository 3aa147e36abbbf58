// SPDX-License-Identifier: MIT
#include "library/model/library_rank.hpp"

#include <algorithm>
#include <tuple>

#include "core/slug.hpp"
#include "core/text.hpp"
#include "library/model/artwork_match.hpp"

namespace vinny {
namespace {

constexpr std::size_t longest_word = 64;  // bytes

struct scored {
  int score = 0;
  library_hit hit;
};

int score_of(library_hit const& hit, library_query const& what) {
  auto const& query = what.plain;
  auto const artist = plain_name(hit.what.artist);
  auto const album = plain_name(hit.what.album);
  if (artist + ' ' + album == query || album + ' ' + artist == query) return 1'000;
  int out = artist == query || album == query ? 500 : 0;
  auto const text = folded_words(hit.what.artist + ' ' + hit.what.album + ' ' + hit.label);
  auto const there = split(text, ' ');
  for (auto const& word : what.words) {
    if (std::ranges::find(there, word) != there.end()) ++out;
  }
  return out;
}

}  // namespace

library_query read_query(std::string_view text) {
  library_query query{.plain = plain_name(text)};
  auto& out = query.words;
  auto const folded = folded_words(text);
  for (auto const word : split(folded, ' ')) {
    if (!word.empty()) out.emplace_back(clip(word, longest_word));
  }
  auto const says_little = [](std::string const& word) {
    return word == "the" || word == "a" || word == "an" || word == "and";
  };
  if (!std::ranges::all_of(out, says_little)) std::erase_if(out, says_little);
  if (out.size() > most_search_words) out.resize(most_search_words);
  return query;
}

std::string_view why_no_search(std::string_view text) {
  constexpr std::size_t longest_query = 256;  // bytes
  auto const query = trim(text);
  if (query.empty()) return "there is nothing to search for";
  if (query.size() > longest_query) return "a search has at most 256 bytes";
  return read_query(query).words.empty() ? "there is no word to search for" : "";
}

void rank_hits(std::vector<library_hit>& hits, library_query const& query, std::size_t most) {
  std::vector<scored> all;
  all.reserve(hits.size());
  for (auto& one : hits) {
    auto const score = score_of(one, query);
    all.push_back({score, std::move(one)});
  }
  std::ranges::sort(all, [](scored const& a, scored const& b) {
    return std::tie(b.score, a.hit.what.artist, a.hit.what.album, a.hit.what.id) <
           std::tie(a.score, b.hit.what.artist, b.hit.what.album, b.hit.what.id);
  });
  if (all.size() > most) all.resize(most);
  hits.clear();
  for (auto& one : all) hits.push_back(std::move(one.hit));
}

}  // namespace vinny
