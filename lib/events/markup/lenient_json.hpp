// SPDX-License-Identifier: MIT
//
// JSON as pages have it: written by templates, wrapped in comments, with raw line ends inside
// strings, commas too many, or as a JavaScript literal.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

inline constexpr std::size_t max_json_bytes = 4 << 20;
inline constexpr std::size_t max_json_depth = 32;

/// The values in a text, one after another: usually one. Accepts comments, CDATA marks, HTML
/// comment marks, a trailing semicolon, trailing commas, control characters in strings, broken
/// escapes, single quotes, unquoted keys, and text whose quotes are all written `&quot;`.
/// Fails with bad_json; deeper than max_json_depth is bad_json too. Whatever follows the last
/// whole value and is no value goes to `rest`.
[[nodiscard]] result<std::vector<boost::json::value>> parse_lenient_json(
    std::string_view text, std::string* rest = nullptr);

/// The array or object that begins at or after `from`, up to its matching bracket (strings
/// respected), or "" when it does not end.
[[nodiscard]] std::string_view balanced_json(std::string_view text, std::size_t from);

}  // namespace vinny
