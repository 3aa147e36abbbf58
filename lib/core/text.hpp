// SPDX-License-Identifier: MIT
//
// Small functions on text that more than one folder needs. ASCII unless it says otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vinny {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
/// Without leading and trailing ASCII white space.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
/// ASCII lower case; other bytes are left alone.
[[nodiscard]] std::string to_lower(std::string_view text);
/// Equal when ASCII case is ignored.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b) noexcept;
/// True when `needle` is in `text`, ASCII case ignored.
[[nodiscard]] bool icontains(std::string_view text, std::string_view needle) noexcept;
/// Runs of white space (ASCII and no-break space) become one space; ends are trimmed.
[[nodiscard]] std::string squeeze(std::string_view text);
/// The parts between separators; empty parts are kept.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// HTML character references decoded, twice encoded ones (`&amp;amp;`) too.
[[nodiscard]] std::string decode_entities(std::string_view text);
/// Text of an HTML fragment: tags and controls dropped, references decoded, white space squeezed.
[[nodiscard]] std::string plain_text(std::string_view html);
/// Valid UTF-8: invalid sequences become U+FFFD, NUL is dropped.
[[nodiscard]] std::string valid_utf8(std::string_view text);
/// Valid UTF-8 without control characters (C0, C1), bidi embeddings, overrides and isolates, and
/// byte order marks. Those that are white space become a space.
[[nodiscard]] std::string drop_controls(std::string_view text);
/// Every occurrence of `what`, from the left, becomes `with`; an empty `what` occurs nowhere.
void replace_all(std::string& text, std::string_view what, std::string_view with);
/// At most `bytes` bytes, cut at a character's border.
[[nodiscard]] std::string_view clip(std::string_view text, std::size_t bytes) noexcept;

/// For a terminal: control characters (C0, DEL, C1) become U+FFFD, so that no text from outside can
/// move its cursor or set its title; line ends and tabs become spaces.
[[nodiscard]] std::string printable(std::string_view text);

/// 1234567 as "1,234,567".
[[nodiscard]] std::string grouped(std::int64_t number);

}  // namespace vinny
