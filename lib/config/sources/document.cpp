// SPDX-License-Identifier: MIT
#include "config/sources/document.hpp"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/impl/preprocessor.h>
// The parser asserts (and, with NDEBUG, assumes) that a header starts with a key before it looks:
// "[=" would end the process (tomlplusplus #301). Where the assertion is wrong, the code after it
// reports a parse error, so nothing is lost without it.
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT_ASSUME(expr) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>
#include <utility>

namespace vinny::settings {
namespace {

constexpr int max_depth = 8;
constexpr std::size_t max_errors = 20;

value convert(toml::node const& from, int depth);

value convert_table(toml::table const& from, int depth) {
  value to;
  to.kind = shape::table;
  std::vector<std::pair<toml::source_position, member>> found;
  for (auto const& [key, content] : from) {
    auto const at = key.source().begin;
    found.emplace_back(
        at, member{std::string(key.str()), static_cast<int>(at.line), convert(content, depth + 1)});
  }
  std::ranges::sort(found, [](auto const& a, auto const& b) {
    return std::pair(a.first.line, a.first.column) < std::pair(b.first.line, b.first.column);
  });
  for (auto& [at, each] : found) to.members.push_back(std::move(each));
  return to;
}

value convert(toml::node const& from, int depth) {
  value to;
  if (depth > max_depth) return to;
  if (auto const* table = from.as_table()) {
    to = convert_table(*table, depth);
  } else if (auto const* list = from.as_array()) {
    to.kind = shape::list;
    for (auto const& item : *list) to.items.push_back(convert(item, depth + 1));
  } else if (auto const* text = from.as_string()) {
    to.kind = shape::text;
    to.text = text->get();
  } else if (auto const* number = from.as_integer()) {
    to.kind = shape::integer;
    to.number = number->get();
  } else if (auto const* flag = from.as_boolean()) {
    to.kind = shape::boolean;
    to.flag = flag->get();
  } else if (from.is_floating_point()) {
    to.kind = shape::real;
  }
  to.line = static_cast<int>(from.source().begin.line);
  return to;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    auto const end = std::min(text.find('\n', at), text.size());
    lines.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool is_header(std::string_view line) {
  auto const first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] == '[';
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// False when nothing was left to take out: reading again would fail in the same way.
bool blank_out(std::vector<std::string>& lines, std::size_t index) {
  if (index >= lines.size() || is_blank(lines[index])) return false;
  bool const header = is_header(lines[index]);
  lines[index].clear();
  // Without their header, the keys of a section would be taken for those of the one before.
  if (header) {
    for (auto i = index + 1; i < lines.size() && !is_header(lines[i]); ++i) lines[i].clear();
  }
  return true;
}

std::vector<syntax_error> oversized(std::string_view toml, std::vector<std::string> const& lines) {
  std::vector<syntax_error> errors;
  if (toml.size() > max_document_bytes) {
    errors.push_back(
        {0, 0, fmt::format("is {} bytes long; the limit is {}", toml.size(), max_document_bytes)});
    return errors;
  }
  for (std::size_t i = 0; i < lines.size() && errors.size() < max_errors; ++i) {
    if (std::ranges::count(lines[i], '.') <= max_dots_per_line) continue;
    errors.push_back(
        {static_cast<int>(i) + 1, 0,
         fmt::format("has more than {} dots in one line: break the line", max_dots_per_line)});
  }
  return errors;
}

}  // namespace

std::string_view name_of(shape kind) noexcept {
  switch (kind) {
    case shape::boolean:
      return "true or false";
    case shape::integer:
      return "an integer";
    case shape::real:
      return "a number with a fraction";
    case shape::text:
      return "a string";
    case shape::list:
      return "a list";
    case shape::table:
      return "a table";
    case shape::other:
      break;
  }
  return "a date or time";
}

document parse_document(std::string_view toml) {
  document read;
  read.root.kind = shape::table;
  std::vector<std::string> lines;
  if (toml.size() <= max_document_bytes) lines = lines_of(toml);
  read.errors = oversized(toml, lines);
  if (!read.errors.empty()) return read;

  std::string text(toml);
  for (;;) {
    auto const parsed = toml::parse(text);
    if (parsed) {
      read.root = convert(parsed.table(), 0);
      return read;
    }
    auto const& error = parsed.error();
    auto const at = error.source().begin;
    auto const line = static_cast<int>(at.line);
    auto const same = [&](syntax_error const& e) { return e.line == line; };
    if (std::ranges::any_of(read.errors, same)) return read;
    read.errors.push_back({line, static_cast<int>(at.column), std::string(error.description())});
    auto const index = static_cast<std::size_t>(std::max(line, 1)) - 1;
    if (read.errors.size() >= max_errors || !blank_out(lines, index)) return read;
    text = fmt::format("{}", fmt::join(lines, "\n"));
  }
}

std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      quoted += fmt::format("\\u{:04X}", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace vinny::settings
