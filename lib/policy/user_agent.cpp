// SPDX-License-Identifier: MIT
#include "policy/user_agent.hpp"

#include "core/text.hpp"

namespace vinny {
namespace {

bool is_url(std::string_view text) noexcept {
  return iequals(text.substr(0, 7), "http://") || iequals(text.substr(0, 8), "https://");
}

bool is_control(char c) noexcept {
  auto const byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string without_controls(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (!is_control(c)) out += c;
  }
  return out;
}

// Parentheses and the backslash are the syntax of a comment (RFC 9110, section 5.6.5).
std::string as_comment(std::string_view text) {
  bool const url = is_url(text);
  std::string out{url ? "+" : ""};
  for (char const c : text) {
    if (c == '(' || c == ')') {
      if (url) out += c == '(' ? "%28" : "%29";
    } else if (c != '\\') {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string user_agent(std::string_view contact) {
  std::string comment;
  auto const clean = without_controls(contact);
  for (auto const part : split(clean, ';')) {
    auto const text = as_comment(trim(part));
    if (text.empty()) continue;
    if (!comment.empty()) comment += "; ";
    comment += text;
  }
  auto agent = std::string{robots_product} + "/" VINNY_VERSION;
  if (!comment.empty()) agent += " (" + comment + ")";
  return agent;
}

}  // namespace vinny
