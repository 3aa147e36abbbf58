// SPDX-License-Identifier: MIT
#include "captures/routes/form_upload.hpp"

#include <algorithm>
#include <vector>

#include "core/text.hpp"
#include "http/wire/fields.hpp"

namespace vinny {
namespace {

constexpr std::string_view form_type = "multipart/form-data";
constexpr std::size_t most_form_parts = 16;
constexpr std::size_t most_part_head = 8 * 1024;
constexpr std::size_t longest_boundary = 70;

/// A parameter of a field's value, without its quotes; nothing: it is not there.
std::optional<std::string> parameter(std::string_view value, std::string_view name) {
  auto rest = value.substr(std::min(value.find(';'), value.size()));
  while (rest.starts_with(';')) {
    rest.remove_prefix(1);
    auto const equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    auto const key = without_blanks(rest.substr(0, equals));
    rest = without_blanks(rest.substr(equals + 1));
    std::string text;
    if (rest.starts_with('"')) {
      std::size_t at = 1;
      for (; at < rest.size() && rest[at] != '"'; ++at) {
        // Of what may be escaped; browsers leave a Windows path's backslashes as they are.
        if (rest[at] == '\\' && at + 1 < rest.size() && rest[at + 1] == '"') ++at;
        text += rest[at];
      }
      rest = without_blanks(rest.substr(std::min(at + 1, rest.size())));
    } else {
      auto const end = std::min(rest.find(';'), rest.size());
      text = without_blanks(rest.substr(0, end));
      rest = rest.substr(end);
    }
    if (iequals(key, name)) return text;
  }
  return std::nullopt;
}

struct part {
  std::string name;
  bool has_file_name = false;
  std::string_view body;
};

std::expected<part, std::string> read_part(std::string_view text) {
  bool const headless = text.starts_with("\r\n");
  auto const end = headless ? 2 : end_of_head(text.substr(0, most_part_head));
  if (end == std::string_view::npos)
    return std::unexpected("the head of one of the form's parts has no end");
  part out;
  auto head = text.substr(0, end);
  out.body = text.substr(end);
  while (!head.empty()) {
    auto const line = take_line(head);
    auto const colon = std::min(line.find(':'), line.size());
    auto const value = without_blanks(line.substr(std::min(colon + 1, line.size())));
    if (iequals(line.substr(0, colon), "Content-Disposition")) {
      out.name = parameter(value, "name").value_or("");
      out.has_file_name = parameter(value, "filename") || parameter(value, "filename*");
    } else if (iequals(line.substr(0, colon), "Content-Transfer-Encoding") &&
               !iequals(value, "binary") && !iequals(value, "8bit") && !iequals(value, "7bit")) {
      return std::unexpected("a part of the form is encoded; send its bytes as they are");
    }
  }
  return out;
}

/// What stands between the delimiters; in front of the first and behind the last nothing means
/// anything.
std::expected<std::vector<std::string_view>, std::string> split_parts(std::string_view body,
                                                                      std::string_view boundary) {
  auto const delimiter = "\r\n--" + std::string{boundary};
  auto const first = std::string_view{delimiter}.substr(2);
  auto const begin = body.starts_with(first) ? 0 : body.find(delimiter);
  if (begin == std::string_view::npos) {
    return std::unexpected("the form does not hold its boundary");
  }
  body.remove_prefix(begin + (begin == 0 ? first.size() : delimiter.size()));
  std::vector<std::string_view> out;
  while (!body.starts_with("--")) {
    body.remove_prefix(std::min(body.find_first_not_of(" \t"), body.size()));
    auto const end = body.find(delimiter);
    if (!body.starts_with("\r\n") || end == std::string_view::npos) {
      return std::unexpected("the form is cut off: its last boundary is missing");
    }
    if (out.size() == most_form_parts) return std::unexpected("the form has too many parts");
    out.push_back(end == 0 ? std::string_view{} : body.substr(2, end - 2));
    body.remove_prefix(end + delimiter.size());
  }
  return out;
}

}  // namespace

bool is_form(std::string_view content_type) noexcept {
  return iequals(without_blanks(content_type.substr(0, content_type.find(';'))), form_type);
}

std::expected<form_upload, std::string> read_form(std::string_view content_type,
                                                  std::string_view body) {
  auto const boundary = parameter(content_type, "boundary").value_or("");
  if (boundary.empty() || boundary.size() > longest_boundary) {
    return std::unexpected("the form's Content-Type names no boundary");
  }
  auto const parts = split_parts(body, boundary);
  if (!parts) return std::unexpected(parts.error());
  std::optional<form_upload> out;
  std::optional<std::string> collection;
  for (auto const text : *parts) {
    auto const one = read_part(text);
    if (!one) return std::unexpected(one.error());
    if (one->has_file_name || one->name == "file") {
      if (out) return std::unexpected("the form has more than one file; send one a request");
      out = form_upload{.file = one->body};
    } else if (one->name == "collection") {
      collection = std::string{one->body};
    }
  }
  if (!out) return std::unexpected("the form has no file: send one, as -F file=@picture.jpg does");
  out->collection = std::move(collection);
  return std::move(*out);
}

}  // namespace vinny
