// SPDX-License-Identifier: MIT
#include "catalog/old_spelling.hpp"

#include <algorithm>
#include <charconv>

#include "catalog/notes.hpp"
#include "core/percent.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::string_view decoded_in_path = "!$&'()*+,;=:@/";

/// Escapes of unreserved characters are in neither spelling.
std::string decoded(std::string_view text, bool in_query) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = escaped_byte(text, i);
    if (byte < 0) {
      out += text[i];
      continue;
    }
    auto const c = static_cast<char>(byte);
    if (decoded_in_path.contains(c) || (in_query && c == '?')) {
      out += c;
    } else {
      append_escape(out, c);
    }
    i += 2;
  }
  return out;
}

/// Segments that were decoded to dots were taken out then.
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  auto const segments = split(path.substr(std::min<std::size_t>(1, path.size())), '/');
  for (auto const segment : segments) {
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (segment != ".." && segment != ".") kept.push_back(segment);
  }
  if (segments.back() == ".." || segments.back() == ".") kept.emplace_back();
  std::string out;
  for (auto const segment : kept) out.append("/").append(segment);
  return out;
}

}  // namespace

std::string old_spelling(std::string_view address) {
  auto const scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::string{address};
  auto const path_at = std::min(address.find('/', scheme + 3), address.size());
  auto const query_at = std::min(address.find('?', path_at), address.size());
  auto out = std::string{address.substr(0, path_at)};
  auto const path = address.substr(path_at, query_at - path_at);
  auto const plain = decoded(path, false);
  out += plain == path ? plain : without_dots(plain);
  auto const query = address.substr(query_at);
  if (query.size() > 1) out += '?' + decoded(query.substr(1), true);
  return out;
}

std::int64_t last_old_spelling(database& db, std::string_view table) {
  auto const note = read_note(db, "old_spelling." + std::string{table}).value_or("0");
  std::int64_t out = 0;
  std::from_chars(note.data(), note.data() + note.size(), out);
  return out;
}

}  // namespace vinny
