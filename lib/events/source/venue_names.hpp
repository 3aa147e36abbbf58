// SPDX-License-Identifier: MIT
//
// The names that a venue goes by, compared by words: case, accents and punctuation do not count.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/venue.hpp"

namespace vinny {

/// Words joined by hyphens, each as the slug rule writes it; of any length.
[[nodiscard]] std::string fold_words(std::string_view text);
/// True when the words of `needle` stand next to each other in `text`; both folded.
[[nodiscard]] bool contains_words(std::string_view text, std::string_view needle) noexcept;

class venue_names {
 public:
  explicit venue_names(venue const& v);

  [[nodiscard]] venue const& of() const noexcept { return *venue_; }
  /// Registered name, aliases, tag: folded, also without a leading "the".
  [[nodiscard]] std::vector<std::string> const& all() const noexcept { return all_; }
  /// True when `text` is one of the names, "Las Vegas" behind it aside.
  [[nodiscard]] bool equals(std::string_view text) const;
  /// Length of the longest name, of two words at least, within folded text; 0: none.
  [[nodiscard]] std::size_t longest_within(std::string_view folded) const noexcept;
  /// True when `text` begins with one of the names; a name of one word needs a sign of being one
  /// ("XS, Las Vegas", not "XS marks the spot").
  [[nodiscard]] bool begins(std::string_view text) const;

 private:
  venue const* venue_;
  std::vector<std::string> all_;
};

/// The act in a title: without "at <venue>", "| <venue>", a date behind, and "<venue> presents:"
/// before. Never split; the title itself when nothing would be left.
[[nodiscard]] std::string act_of_title(std::string_view title, std::span<venue_names const> venues);

}  // namespace vinny
