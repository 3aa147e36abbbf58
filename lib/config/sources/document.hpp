// SPDX-License-Identifier: MIT
//
// A TOML document as plain values with their lines, in the order of the text. Only document.cpp
// knows the TOML library. Private to config/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vinny::settings {

enum class shape { boolean, integer, real, text, list, table, other };

/// "an integer", for messages.
[[nodiscard]] std::string_view name_of(shape kind) noexcept;

struct member;

struct value {
  shape kind = shape::other;
  int line = 0;
  bool flag = false;
  std::int64_t number = 0;
  std::string text;
  std::vector<value> items;
  std::vector<member> members;  // in the order of the text
};

struct member {
  std::string key;
  int line = 0;
  value content;
};

struct syntax_error {
  int line = 0;
  int column = 0;
  std::string message;
};

struct document {
  value root;
  std::vector<syntax_error> errors;
};

inline constexpr std::size_t max_document_bytes = 256 << 10;
/// A key of many dotted parts becomes as many nested tables: this bounds them.
inline constexpr int max_dots_per_line = 256;

/// Reads as much as can be read: the line of a syntax error is left out and the rest is read
/// again, so that one mistake does not hide the next. Gives up after 20 errors.
[[nodiscard]] document parse_document(std::string_view toml);

/// A TOML basic string, quoted and escaped.
[[nodiscard]] std::string toml_string(std::string_view text);

}  // namespace vinny::settings
