// SPDX-License-Identifier: MIT
#include "policy/robots_pattern.hpp"

#include <cstring>

#include "core/percent.hpp"

namespace vinny {
namespace {

constexpr std::string_view bare_in_query = "/:?@";
// Reserved characters of RFC 3986 that stay as they are, `*` and `$` apart.
constexpr std::string_view bare_marks = ":/?#[]@!&'()+,;=";

bool is_bare(char c) noexcept {
  return is_unreserved(c) || bare_marks.contains(c);
}

// Decodes what is encoded and encodes it again where it must be.
void append_normal(std::string& out, std::string_view text, bool special) {
  bool in_query = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (int const byte = escaped_byte(text, i); byte >= 0) {
      auto const decoded = static_cast<char>(byte);
      i += 2;
      bool const bare = is_unreserved(decoded) || (in_query && bare_in_query.contains(decoded));
      if (bare) {
        out += decoded;
      } else {
        append_escape(out, decoded);
      }
      continue;
    }
    bool const is_operator = special && (c == '*' || (c == '$' && i + 1 == text.size()));
    if (is_operator || is_bare(c)) {
      out += c;
    } else {
      append_escape(out, c);
    }
    in_query = in_query || c == '?';
  }
}

// memmem is linear in glibc; std::string_view::find is quadratic on hostile input.
std::size_t find_linear(std::string_view text, std::string_view part) noexcept {
  auto const* const at = ::memmem(text.data(), text.size(), part.data(), part.size());
  return at == nullptr ? std::string_view::npos
                       : static_cast<std::size_t>(static_cast<char const*>(at) - text.data());
}

}  // namespace

std::string normal_pattern(std::string_view pattern) {
  std::string out;
  append_normal(out, pattern, true);
  return out;
}

std::string normal_path(std::string_view path_and_query) {
  auto const text = path_and_query.substr(0, path_and_query.find('#'));
  std::string out;
  if (!text.starts_with('/')) out += '/';
  append_normal(out, text, false);
  return out;
}

bool pattern_matches(std::string_view pattern, std::string_view path) noexcept {
  bool const to_the_end = pattern.ends_with('$');
  if (to_the_end) pattern.remove_suffix(1);

  auto star = pattern.find('*');
  auto const head = pattern.substr(0, star);
  if (!path.starts_with(head)) return false;
  path.remove_prefix(head.size());
  if (star == std::string_view::npos) return !to_the_end || path.empty();

  // Each piece between stars takes its first place: a later one can only leave less behind it.
  for (;;) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    if (star == std::string_view::npos && to_the_end) return path.ends_with(pattern);
    auto const piece = pattern.substr(0, star);
    auto const at = find_linear(path, piece);
    if (at == std::string_view::npos) return false;
    if (star == std::string_view::npos) return true;
    path.remove_prefix(at + piece.size());
  }
}

}  // namespace vinny
