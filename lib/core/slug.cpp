// SPDX-License-Identifier: MIT
#include "core/slug.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "core/digest.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

struct free_deleter {
  void operator()(utf8proc_uint8_t* p) const noexcept { std::free(p); }
};

/// Compatibility decomposition, case folded, marks stripped.
std::string folded(std::string_view name) {
  utf8proc_uint8_t* raw = nullptr;
  auto const clean = valid_utf8(name);
  auto const size = utf8proc_map(
      reinterpret_cast<utf8proc_uint8_t const*>(clean.data()),
      static_cast<utf8proc_ssize_t>(clean.size()), &raw,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                     UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK));
  std::unique_ptr<utf8proc_uint8_t, free_deleter> const owner{raw};
  if (size < 0) return to_lower(clean);
  return {reinterpret_cast<char const*>(raw), static_cast<std::size_t>(size)};
}

/// The letters that do not decompose but have a usual Latin spelling.
std::string_view latin_spelling(std::int32_t code) noexcept {
  switch (code) {
    case 0xF8:
      return "o";  // ø
    case 0x142:
      return "l";  // ł
    case 0xDF:
      return "ss";  // ß
    case 0x111:
      return "d";  // đ
    case 0xF0:
      return "d";  // ð
    case 0xFE:
      return "th";  // þ
    case 0xE6:
      return "ae";  // æ
    case 0x153:
      return "oe";  // œ
    case 0x131:
      return "i";  // ı
    default:
      return {};
  }
}

bool is_letter_or_digit(std::int32_t code) noexcept {
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return false;
  }
}

void trim_hyphens(std::string& slug) {
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
}

}  // namespace

std::string folded_words(std::string_view name) {
  auto const text = folded(name);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t code = 0;
    auto const size = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()) + at,
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    auto const bytes = size > 0 ? static_cast<std::size_t>(size) : 1;
    if (auto const latin = latin_spelling(code); size > 0 && !latin.empty()) {
      out += latin;
    } else if (size > 0 && is_letter_or_digit(code)) {
      out += text.substr(at, bytes);
    } else if (code != '\'' && code != 0x2019 && !out.empty() && out.back() != ' ') {
      out += ' ';
    }
    at += bytes;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

slugged slugify(std::string_view name, std::string_view fallback) {
  auto const text = folded(name);
  std::string slug;
  bool lost_letters = false;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t code = 0;
    auto const size = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()) + at,
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    at += size > 0 ? static_cast<std::size_t>(size) : 1;
    if (size <= 0) continue;
    if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9')) {
      slug += static_cast<char>(code);
    } else if (auto const latin = latin_spelling(code); !latin.empty()) {
      slug += latin;
    } else {
      lost_letters = lost_letters || is_letter_or_digit(code);
      // An apostrophe inside a word is a separator like any other: "Cat's" is cat-s.
      if (!slug.empty() && slug.back() != '-') slug += '-';
    }
  }
  trim_hyphens(slug);
  bool const cut = slug.size() > max_slug_length;
  if (cut) {
    slug.resize(max_slug_length);
    trim_hyphens(slug);
  }
  if (slug.empty()) {
    return {std::string{fallback} + '-' + sha256_hex(text).substr(0, 8), text};
  }
  auto identity = lost_letters || cut ? squeeze(text) : slug;
  return {std::move(slug), std::move(identity)};
}

std::string slug_with_hash(std::string_view slug, std::string_view identity) {
  std::string out{slug.substr(0, max_slug_length - 9)};
  trim_hyphens(out);
  return out + '-' + sha256_hex(identity).substr(0, 8);
}

bool is_slug(std::string_view text) noexcept {
  return !text.empty() && text.size() <= max_slug_length && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace vinny
