// SPDX-License-Identifier: MIT
//
// Percent-encoding (RFC 3986, section 2.1). Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace vinny {

[[nodiscard]] constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// RFC 3986, section 2.3: an escape of one of these means the character itself.
[[nodiscard]] constexpr bool is_unreserved(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

/// The byte that an escape at `at` stands for; -1: none begins there.
[[nodiscard]] constexpr int escaped_byte(std::string_view text, std::size_t at) noexcept {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  auto const high = hex_digit(text[at + 1]);
  auto const low = hex_digit(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

inline void append_escape(std::string& to, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  auto const byte = static_cast<unsigned char>(c);
  to += '%';
  to += digits[byte >> 4U];
  to += digits[byte & 15U];
}

/// Every other byte than an unreserved one becomes %XX; a slash stays when `keep_slash`.
[[nodiscard]] std::string uri_encode(std::string_view text, bool keep_slash);

/// %XX decoded; anything else is left as it is.
[[nodiscard]] std::string percent_decode(std::string_view text);

}  // namespace vinny
