// SPDX-License-Identifier: MIT
//
// The words of the library, kept so that one with a typing error is found: under itself and under
// each form with one letter less. Two words that differ by one letter, by one that is missing, or
// by two neighbours that changed places, have a form in common.
// Source: the symmetric delete algorithm (Wolf Garbe, SymSpell).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/database.hpp"

namespace vinny {

/// Words of folded text.
void learn_words(database& db, std::string_view text);

/// Known words at a distance of one (Damerau and Levenshtein's), at most so many, in their order.
[[nodiscard]] std::vector<std::string> words_like(database& db, std::string const& word,
                                                  std::size_t most);

/// The word, and each form of it that lacks one character.
[[nodiscard]] std::vector<std::string> shorter_forms(std::string_view word);

/// Whether one letter more, less, different, or two neighbours exchanged, make one of the other.
[[nodiscard]] bool differ_by_one(std::string_view a, std::string_view b);

}  // namespace vinny
