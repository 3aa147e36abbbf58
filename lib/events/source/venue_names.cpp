// SPDX-License-Identifier: MIT
#include "events/source/venue_names.hpp"

#include <algorithm>
#include <array>

#include "core/slug.hpp"
#include "core/text.hpp"
#include "events/source/when.hpp"

namespace vinny {
namespace {

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/// Length of the white space or punctuation beyond ASCII at `at`: no-break spaces and U+2000 to
/// U+206F; 0 for a letter.
std::size_t separator_beyond_ascii(std::string_view text, std::size_t at) noexcept {
  auto const two = text.substr(at, 2);
  if (two == "\xC2\xA0" || two == "\xC2\xB7") return 2;
  return two == "\xE2\x80" || two == "\xE2\x81" ? 3 : 0;
}

void add_word(std::string& out, std::string_view word, bool ascii) {
  if (word.empty()) return;
  auto folded = ascii ? to_lower(word) : slugify(word, "x").slug;
  if (!out.empty()) out += '-';
  out += folded;
}

std::size_t words_in(std::string_view folded) noexcept {
  return static_cast<std::size_t>(std::ranges::count(folded, '-')) + (folded.empty() ? 0 : 1);
}

std::string_view without_town(std::string_view folded) {
  constexpr std::string_view town = "-las-vegas";
  return folded.ends_with(town) ? folded.substr(0, folded.size() - town.size()) : folded;
}

constexpr std::array<std::string_view, 11> separators{
    " live at ",      " live @ ",       " live from ", " at ", " @ ", " - ",
    " \xE2\x80\x93 ", " \xE2\x80\x94 ", " | ",         ", ",   " in "};

bool begins_with_any(std::string_view text, std::span<venue_names const> venues) {
  return std::ranges::any_of(venues, [&](venue_names const& v) { return v.begins(text); });
}
bool equals_any(std::string_view text, std::span<venue_names const> venues) {
  return std::ranges::any_of(venues, [&](venue_names const& v) { return v.equals(text); });
}

/// Where the venue or the date behind an act begins, with its separator; npos: nowhere.
std::size_t end_of_act(std::string_view title, std::span<venue_names const> venues) {
  for (std::size_t at = 1; at < title.size(); ++at) {
    for (auto const s : separators) {
      if (!iequals(title.substr(at, s.size()), s)) continue;
      auto rest = trim(title.substr(at + s.size()));
      if (iequals(rest.substr(0, 4), "the ")) rest.remove_prefix(4);
      if (begins_with_any(rest, venues) || parse_when(rest)) return at;
    }
  }
  return std::string_view::npos;
}

std::string_view without_leading_venue(std::string_view title,
                                       std::span<venue_names const> venues) {
  constexpr std::array<std::string_view, 5> marks{" presents", ":", " | ", " - ", " \xE2\x80\x93 "};
  for (auto const mark : marks) {
    for (std::size_t at = 1; at + mark.size() < title.size() && at < 80; ++at) {
      if (!iequals(title.substr(at, mark.size()), mark)) continue;
      if (!equals_any(title.substr(0, at), venues)) continue;
      auto rest = trim(title.substr(at + mark.size()));
      while (!rest.empty() && (rest.front() == ':' || rest.front() == '-')) {
        rest = trim(rest.substr(1));
      }
      if (!rest.empty()) return rest;
    }
  }
  return title;
}

}  // namespace

std::string fold_words(std::string_view text) {
  std::string out;
  std::string word;
  bool ascii = true;
  for (std::size_t i = 0; i < text.size();) {
    auto const c = static_cast<unsigned char>(text[i]);
    auto const wide = c < 0x80 ? 0 : separator_beyond_ascii(text, i);
    if (wide == 0 && (c >= 0x80 || is_word(text[i]))) {
      ascii = ascii && c < 0x80;
      word += text[i++];
      continue;
    }
    add_word(out, word, ascii);
    word.clear();
    ascii = true;
    i += wide == 0 ? 1 : wide;
  }
  add_word(out, word, ascii);
  return out;
}

bool contains_words(std::string_view text, std::string_view needle) noexcept {
  if (needle.empty()) return false;
  for (auto at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1)) {
    auto const end = at + needle.size();
    if ((at == 0 || text[at - 1] == '-') && (end == text.size() || text[end] == '-')) return true;
  }
  return false;
}

venue_names::venue_names(venue const& v) : venue_(&v) {
  auto const add = [&](std::string_view name) {
    auto const folded = fold_words(name);
    auto const put = [&](std::string_view text) {
      if (!text.empty() && std::ranges::find(all_, text) == all_.end()) all_.emplace_back(text);
    };
    put(folded);
    // Pages drop the article; of "The Club" too little would be left.
    auto const rest = std::string_view{folded}.substr(folded.starts_with("the-") ? 4 : 0);
    if (words_in(rest) > 1) put(rest);
  };
  add(v.name);
  for (auto const& alias : v.aliases) add(alias);
  add(v.tag);
}

bool venue_names::equals(std::string_view text) const {
  auto const folded = fold_words(text);
  auto const bare = without_town(folded);
  return std::ranges::any_of(all_, [&](auto const& n) { return n == folded || n == bare; });
}

std::size_t venue_names::longest_within(std::string_view folded) const noexcept {
  std::size_t longest = 0;
  for (auto const& n : all_) {
    if (n.size() > longest && words_in(n) > 1 && contains_words(folded, n)) longest = n.size();
  }
  return longest;
}

bool venue_names::begins(std::string_view text) const {
  constexpr std::array<std::string_view, 9> goes_on{"las",     "vegas", "at", "nightclub", "night",
                                                    "dayclub", "club",  "in", "on"};
  auto const folded = fold_words(text);
  for (auto const& n : all_) {
    if (folded == n) return true;
    if (!folded.starts_with(n) || folded[n.size()] != '-') continue;
    if (words_in(n) > 1) return true;
    auto const rest = std::string_view{folded}.substr(n.size() + 1);
    auto const next = rest.substr(0, rest.find('-'));
    if (std::ranges::find(goes_on, next) != goes_on.end()) return true;
    auto const behind = trim(text.substr(std::min(n.size(), text.size())));
    if (!behind.empty() &&
        std::string_view{",|-(:@"}.find(behind.front()) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

std::string act_of_title(std::string_view title, std::span<venue_names const> venues) {
  auto const whole = trim(clip(title, 500));
  auto act = without_leading_venue(whole, venues);
  if (auto const end = end_of_act(act, venues); end != std::string_view::npos) {
    act = trim(act.substr(0, end));
  }
  return std::string{act.empty() ? whole : act};
}

}  // namespace vinny
