// SPDX-License-Identifier: MIT
//
// Header fields as bytes: the lines of a head, and the parts of a field's value. What is done with
// a line that is none is the caller's. Pure.
//
// Source: RFC 9110, section 5; RFC 9112, sections 2.2 and 5.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace vinny {

/// Head and trailers of one message together.
inline constexpr std::size_t max_head_bytes = 64 * 1024;

/// Where the head ends that begins at the front, behind its blank line; npos: it has not come yet.
/// Blank lines in front of it belong to it. `searched`: so many bytes were looked at before.
[[nodiscard]] std::size_t end_of_head(std::string_view bytes, std::size_t searched = 0) noexcept;

/// The next line, without its end (CR LF, or LF alone); `text` goes on behind it.
[[nodiscard]] std::string_view take_line(std::string_view& text) noexcept;

/// Without the blanks around it that a field may have (RFC 9110, section 5.6.3), and no other.
[[nodiscard]] std::string_view without_blanks(std::string_view text) noexcept;
/// RFC 9110, section 5.6.2: of at least one character.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// No control characters but tabs (RFC 9110, section 5.5).
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

/// What stands between the commas of all fields of a name, trimmed, empty parts dropped.
[[nodiscard]] std::vector<std::string_view> field_list(header_list const& fields,
                                                       std::string_view name);
/// True when the list has this word, ASCII case ignored.
[[nodiscard]] bool field_has(header_list const& fields, std::string_view name,
                             std::string_view word);

/// What Content-Length says.
struct stated_length {
  bool valid = true;                     // false: not a number, or two different ones
  std::optional<std::uint64_t> bytes{};  // nothing: it is not there; of a number beyond any, the
                                         // largest
};
[[nodiscard]] stated_length length_of(header_list const& fields);

}  // namespace vinny
