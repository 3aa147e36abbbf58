// SPDX-License-Identifier: MIT
#include "library/model/artwork_match.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/slug.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "library/model/library.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 3> articles{"the", "a", "an"};

bool is_article(std::string_view word) {
  return std::ranges::find(articles, word) != articles.end();
}

/// "Prince (2)": the second of that name at Discogs.
std::string_view without_number(std::string_view name) {
  auto const text = trim(name);
  if (!text.ends_with(')')) return text;
  auto const open = text.rfind('(');
  if (open == std::string_view::npos || open == 0) return text;
  auto const inside = text.substr(open + 1, text.size() - open - 2);
  return !inside.empty() && std::ranges::all_of(inside, is_digit) ? text.substr(0, open) : text;
}

}  // namespace

std::string plain_name(std::string_view name) {
  auto const text = without_number(name);
  auto const folded = folded_words(text);
  auto words = split(folded, ' ');
  std::erase(words, "and");
  auto const comma = text.rfind(',');
  bool const behind = comma != std::string_view::npos && !words.empty() &&
                      words.back() == folded_words(text.substr(comma));
  if (words.size() > 1 && is_article(words.front())) {
    words.erase(words.begin());
  } else if (words.size() > 1 && behind && is_article(words.back())) {
    words.pop_back();
  }
  return words.empty() ? folded : fmt::format("{}", fmt::join(words, " "));
}

std::string_view why_no_artwork(std::string_view address) {
  if (icontains(address, "spacer.gif")) return "a placeholder";
  auto const characters = std::ranges::count_if(
      address, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  if (characters > static_cast<std::ptrdiff_t>(longest_artwork_url)) return "too long an address";
  bool const plain = std::ranges::all_of(address,
                                         [](char c) {
                                           return c != ' ' && std::string_view{"\"<>\\^`{|}"}.find(
                                                                  c) == std::string_view::npos;
                                         }) &&
                     drop_controls(address) == address;
  auto const authority = address.substr(0, address.find('/', address.find("//") + 2));
  bool const named = authority.find('@') != std::string_view::npos;
  return plain && !named && url::parse(address) ? "" : "no address";
}

bool same_name(std::string_view a, std::string_view b) {
  auto const left = plain_name(a);
  return !left.empty() && left == plain_name(b);
}

}  // namespace vinny
