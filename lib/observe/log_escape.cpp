// SPDX-License-Identifier: MIT
#include "observe/log_escape.hpp"

#include <fmt/format.h>

#include <iterator>

namespace vinny {
namespace {

constexpr unsigned char c1_lead = 0xc2;  // U+0080 to U+009F are C2 80 to C2 9F

bool is_c1(std::string_view text, std::size_t at) noexcept {
  if (static_cast<unsigned char>(text[at]) != c1_lead || at + 1 == text.size()) return false;
  auto const next = static_cast<unsigned char>(text[at + 1]);
  return next >= 0x80 && next <= 0x9f;
}

void append_code(std::string& out, unsigned code) {
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
}

}  // namespace

std::size_t escaped_size(char c) noexcept {
  auto const byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t') return 2;
  if (byte == c1_lead) return 5;
  return byte < 0x20 || byte == 0x7f ? 6 : 1;
}

std::size_t escaped_size(std::string_view text) noexcept {
  std::size_t total = 0;
  for (char const c : text) total += escaped_size(c);
  return total;
}

void append_escaped(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = text[i];
    auto const byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          append_code(out, byte);
        } else if (is_c1(text, i)) {
          append_code(out, static_cast<unsigned char>(text[++i]));
        } else {
          out += c;
        }
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

}  // namespace vinny
