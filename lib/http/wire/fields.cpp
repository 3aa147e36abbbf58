// SPDX-License-Identifier: MIT
#include "http/wire/fields.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"

namespace vinny {

std::size_t end_of_head(std::string_view bytes, std::size_t searched) noexcept {
  auto const begin = bytes.find_first_not_of("\r\n");
  if (begin == std::string_view::npos) return begin;
  // The blank line may have begun in what was searched before.
  auto at = bytes.find('\n', std::max(begin, searched - std::min<std::size_t>(searched, 2)));
  while (at != std::string_view::npos) {
    auto const rest = bytes.substr(at + 1);
    if (rest.starts_with('\n')) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
    at = bytes.find('\n', at + 1);
  }
  return std::string_view::npos;
}

std::string_view take_line(std::string_view& text) noexcept {
  auto const end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view without_blanks(std::string_view text) noexcept {
  auto const begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
  });
}

bool is_field_value(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    auto const byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || c == '\t';
  });
}

std::vector<std::string_view> field_list(header_list const& fields, std::string_view name) {
  std::vector<std::string_view> out;
  for (auto const& [key, value] : fields) {
    if (!iequals(key, name)) continue;
    for (auto const part : split(value, ',')) {
      if (auto const word = without_blanks(part); !word.empty()) out.push_back(word);
    }
  }
  return out;
}

bool field_has(header_list const& fields, std::string_view name, std::string_view word) {
  return std::ranges::any_of(field_list(fields, name),
                             [word](std::string_view has) { return iequals(has, word); });
}

stated_length length_of(header_list const& fields) {
  stated_length out;
  for (auto const& [key, value] : fields) {
    if (!iequals(key, "Content-Length")) continue;
    for (auto const part : split(value, ',')) {
      auto const digits = without_blanks(part);
      bool const number = !digits.empty() && std::ranges::all_of(digits, is_digit);
      std::uint64_t bytes = 0;
      auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
      if (read.ec != std::errc{}) bytes = UINT64_MAX;
      if (!number || (out.bytes && *out.bytes != bytes)) return {.valid = false, .bytes = {}};
      out.bytes = bytes;
    }
  }
  return out;
}

}  // namespace vinny
