// SPDX-License-Identifier: MIT
//
// Escaping of text for a log line, the same in both formats: JSON's (RFC 8259, section 7), plus
// DEL and the C1 controls, which a terminal obeys as well.
#pragma once

#include <string>
#include <string_view>

namespace vinny {

/// The most bytes that this byte of a text takes once escaped.
[[nodiscard]] std::size_t escaped_size(char c) noexcept;
/// At least what append_escaped() will add.
[[nodiscard]] std::size_t escaped_size(std::string_view text) noexcept;

void append_escaped(std::string& out, std::string_view text);
/// The same between double quotes.
void append_quoted(std::string& out, std::string_view text);

}  // namespace vinny
