// SPDX-License-Identifier: MIT
#include "http/wire/request_head.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"
#include "http/wire/fields.hpp"

namespace vinny {
namespace {

constexpr int most_empty_lines = 4;

std::unexpected<request_refusal> refuse(std::string_view why, int status = 400) {
  return std::unexpected(request_refusal{status, why});
}

/// The next line without its CR LF; nothing when it ends otherwise, or has a CR in it.
std::optional<std::string_view> strict_line(std::string_view& text) noexcept {
  auto const end = text.find('\n');
  if (end == std::string_view::npos || end == 0 || text[end - 1] != '\r') return std::nullopt;
  auto const line = text.substr(0, end - 1);
  if (line.contains('\r')) return std::nullopt;
  text.remove_prefix(end + 1);
  return line;
}

/// What may stand in a request line (RFC 9112, section 3.2): printable ASCII.
bool is_target(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_host(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view{"-._~!$&'()*+,;=%:[]"}.contains(c);
  });
}

readable<void> read_request_line(std::string_view line, request_head& into) {
  auto const first = line.find(' ');
  auto const last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return refuse("it has no request line");
  into.method = line.substr(0, first);
  into.target = line.substr(first + 1, last - first - 1);
  auto const version = line.substr(last + 1);
  if (!is_token(into.method)) return refuse("its method is no word");
  bool const ours = version.size() == 8 && version.starts_with("HTTP/1.") && is_digit(version[7]);
  if (!ours) {
    bool const other = version.size() == 8 && version.starts_with("HTTP/") &&
                       is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
    return other ? refuse("only HTTP/1.0 and 1.1 are spoken here", 505)
                 : refuse("its request line names no version");
  }
  into.minor_version = version[7] - '0';
  if (!is_target(into.target)) return refuse("its target has characters that may not be there");
  return {};
}

/// "http://host/path" becomes "/path"; its host is the request's (RFC 9112, section 3.2.2).
readable<void> read_target(request_head& into) {
  auto& target = into.target;
  if (target.contains('#')) return refuse("its target has a fragment");
  if (target.starts_with('/')) return {};
  if (target == "*" && into.method == "OPTIONS") return {};
  if (into.method == "CONNECT") return refuse("nothing is tunnelled here", 501);
  constexpr std::string_view scheme = "http://";
  if (!iequals(std::string_view{target}.substr(0, scheme.size()), scheme)) {
    return refuse("its target is no path");
  }
  auto const path = std::min(target.find_first_of("/?", scheme.size()), target.size());
  auto host = target.substr(scheme.size(), path - scheme.size());
  if (host.empty() || host.contains('@')) return refuse("its target has no host");
  target.erase(0, path);
  if (!target.starts_with('/')) target.insert(0, "/");
  for (auto& [name, value] : into.fields) {
    if (iequals(name, "Host")) value = host;
  }
  return {};
}

readable<void> read_fields(std::string_view text, header_list& into) {
  for (;;) {
    auto const line = strict_line(text);
    if (!line) return refuse("a line of its head does not end with CR LF");
    if (line->empty()) break;
    auto const colon = line->find(':');
    if (colon == std::string_view::npos) return refuse("a line of its head is no field");
    auto const name = line->substr(0, colon);
    auto const value = without_blanks(line->substr(colon + 1));
    if (!is_token(name)) return refuse("the name of a field is no word");
    if (!is_field_value(value)) return refuse("a field has a control character in it");
    into.emplace_back(std::string{name}, std::string{value});
  }
  return text.empty() ? readable<void>{} : refuse("its head goes on behind its end");
}

readable<void> check_host(request_head const& head) {
  std::ptrdiff_t count = 0;
  for (auto const& [name, value] : head.fields) {
    if (!iequals(name, "Host")) continue;
    ++count;
    if (!is_host(value)) return refuse("its Host is no host");
  }
  if (count > 1) return refuse("it names more than one Host");
  if (count == 0 && head.minor_version > 0) return refuse("it names no Host");
  return {};
}

readable<body_end> end_by_coding(request_head const& head, std::vector<std::string_view> codings) {
  if (head.minor_version == 0) return refuse("HTTP/1.0 has no transfer codings");
  if (codings.empty() || !iequals(codings.back(), "chunked")) {
    return refuse("its last transfer coding is not chunked, so that its body has no end");
  }
  codings.pop_back();
  for (auto const coding : codings) {
    if (iequals(coding, "chunked")) return refuse("it is chunked twice");
  }
  if (!codings.empty()) return refuse("its transfer coding is not known here", 501);
  return body_end::chunk;
}

}  // namespace

readable<request_head> parse_request_head(std::string_view head) {
  for (int i = 0; head.starts_with("\r\n"); ++i) {
    if (i == most_empty_lines) return refuse("it begins with empty lines");
    head.remove_prefix(2);
  }
  auto const line = strict_line(head);
  if (!line) return refuse("its request line does not end with CR LF");
  request_head out;
  if (auto const read = read_request_line(*line, out); !read) return std::unexpected(read.error());
  if (auto const read = read_fields(head, out.fields); !read) return std::unexpected(read.error());
  if (auto const read = check_host(out); !read) return std::unexpected(read.error());
  if (auto const read = read_target(out); !read) return std::unexpected(read.error());
  return out;
}

readable<request_framing> frame_request(request_head const& head) {
  request_framing out;
  out.keep_alive = head.minor_version > 0 ? !field_has(head.fields, "Connection", "close")
                                          : field_has(head.fields, "Connection", "keep-alive");
  auto const length = length_of(head.fields);
  if (!length.valid) return refuse("its Content-Length is no number, or two different ones");
  bool const coded = std::ranges::any_of(
      head.fields, [](auto const& field) { return iequals(field.first, "Transfer-Encoding"); });
  if (coded) {
    if (length.bytes) return refuse("it has both a Content-Length and a Transfer-Encoding");
    auto const end = end_by_coding(head, field_list(head.fields, "Transfer-Encoding"));
    if (!end) return std::unexpected(end.error());
    out.end = *end;
  } else if (length.bytes.value_or(0) > 0) {
    out.end = body_end::length;
    out.length = *length.bytes;
  }
  auto const expects = field_list(head.fields, "Expect");
  if (head.minor_version == 0 || expects.empty()) return out;
  if (expects.size() > 1 || !iequals(expects.front(), "100-continue")) {
    return refuse("what it expects is not known here", 417);
  }
  out.wants_word = out.end != body_end::at_once;
  return out;
}

}  // namespace vinny
