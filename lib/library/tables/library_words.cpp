// SPDX-License-Identifier: MIT
#include "library/tables/library_words.hpp"

#include <algorithm>
#include <set>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t shortest_word = 4;  // bytes; of shorter ones too many are alike
constexpr std::size_t longest_indexed = 40;

/// Where characters of UTF-8 begin, and the end.
std::vector<std::size_t> borders(std::string_view text) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) out.push_back(i);
  }
  out.push_back(text.size());
  return out;
}

}  // namespace

std::vector<std::string> shorter_forms(std::string_view word) {
  std::set<std::string> out{std::string{word}};
  auto const at = borders(word);
  for (std::size_t i = 0; i + 1 < at.size(); ++i) {
    out.insert(std::string{word.substr(0, at[i])} + std::string{word.substr(at[i + 1])});
  }
  return {out.begin(), out.end()};
}

bool differ_by_one(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a == b) return false;
  auto const [left, right] = std::ranges::mismatch(a, b);
  auto rest_a = std::string_view{left, a.end()};
  auto rest_b = std::string_view{right, b.end()};
  while (!rest_a.empty() && !rest_b.empty() && rest_a.back() == rest_b.back()) {
    rest_a.remove_suffix(1);
    rest_b.remove_suffix(1);
  }
  // What is left is what differs: one character (of several bytes, it may be), or two exchanged.
  auto const one = [](std::string_view text) { return borders(text).size() <= 2; };
  if (one(rest_a) && one(rest_b)) return true;
  auto const places = borders(rest_a);
  if (rest_a.size() != rest_b.size() || places.size() != 3) return false;
  return rest_b == std::string{rest_a.substr(places[1])} + std::string{rest_a.substr(0, places[1])};
}

void learn_words(database& db, std::string_view text) {
  for (auto const word : split(text, ' ')) {
    if (word.size() < shortest_word || word.size() > longest_indexed) continue;
    int const fresh =
        db.execute("INSERT OR IGNORE INTO library_words (form, word) VALUES (?, ?)", word, word);
    if (fresh == 0) continue;
    for (auto const& form : shorter_forms(word)) {
      db.execute("INSERT OR IGNORE INTO library_words (form, word) VALUES (?, ?)", form, word);
    }
  }
}

std::vector<std::string> words_like(database& db, std::string const& word, std::size_t most) {
  std::set<std::string> out;
  if (word.size() < shortest_word || word.size() > longest_indexed) return {};
  for (auto const& form : shorter_forms(word)) {
    db.query(
        "SELECT word FROM library_words WHERE form = ?",
        [&](SQLite::Statement& row) {
          auto known = row.getColumn(0).getString();
          if (differ_by_one(known, word)) out.insert(std::move(known));
        },
        form);
  }
  std::vector<std::string> list{out.begin(), out.end()};
  if (list.size() > most) list.resize(most);
  return list;
}

}  // namespace vinny
