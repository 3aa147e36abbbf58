// SPDX-License-Identifier: MIT
#include "http/wire/answer_head.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "http/wire/fields.hpp"

namespace vinny {
namespace {

std::unexpected<failure> unreadable(std::string why) {
  return fail(errc::bad_response, "the answer is not valid HTTP: " + std::move(why));
}

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

/// "HTTP/1.1 200 OK", also without the reason.
bool read_status_line(std::string_view line, answer_head& into) noexcept {
  constexpr std::string_view protocol = "HTTP/1.";
  if (!line.starts_with(protocol)) return false;
  line.remove_prefix(protocol.size());
  if (line.empty() || !is_digit(line.front())) return false;
  into.minor_version = line.front() - '0';
  line.remove_prefix(1);
  if (line.empty() || !is_blank(line.front())) return false;
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (line.size() < 3 || !std::ranges::all_of(line.substr(0, 3), is_digit)) return false;
  if (line.size() > 3 && !is_blank(line[3])) return false;
  into.status = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  return into.status >= 100;
}

/// Where the body ends hangs on them: they are kept as they came, to be judged whole.
bool frames_the_body(std::string_view name) noexcept {
  return iequals(name, "Content-Length") || iequals(name, "Transfer-Encoding");
}

class field_reader {
 public:
  explicit field_reader(header_list& into) : into_(into) {}

  void line(std::string_view text) {
    if (is_blank(text.front())) return fold(without_blanks(text));
    folds_ = false;
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) return;
    auto const name = without_blanks(text.substr(0, colon));
    auto const value = without_blanks(text.substr(colon + 1));
    if (!is_token(name) || (!is_field_value(value) && !frames_the_body(name))) return;
    into_.emplace_back(std::string{name}, std::string{value});
    folds_ = true;
  }

 private:
  /// RFC 9112, section 5.2: a line that begins with a blank goes on with the field before it.
  void fold(std::string_view more) {
    if (!folds_ || !is_field_value(more)) return;
    into_.back().second.append(" ").append(more);
  }

  header_list& into_;
  bool folds_ = false;  // the line before it was a field that is kept
};

/// The transfer codings that are left to undo; "identity" is none.
std::vector<std::string_view> codings_of(header_list const& fields) {
  auto out = field_list(fields, "Transfer-Encoding");
  std::erase_if(out, [](std::string_view coding) { return iequals(coding, "identity"); });
  return out;
}

}  // namespace

result<answer_head> parse_answer_head(std::string_view head) {
  if (head.contains('\0')) return unreadable("its head has a NUL in it");
  head.remove_prefix(std::min(head.find_first_not_of("\r\n"), head.size()));
  answer_head out;
  auto const first = take_line(head);
  if (!read_status_line(first, out)) {
    return unreadable(fmt::format("it begins with '{}'", printable(valid_utf8(clip(first, 60)))));
  }
  field_reader reader{out.fields};
  while (!head.empty()) {
    auto const line = take_line(head);
    if (line.empty()) break;
    reader.line(line);
  }
  return out;
}

result<framing> frame_answer(answer_head const& head, std::string_view method) {
  framing out;
  bool const persists = head.minor_version > 0 ? !field_has(head.fields, "Connection", "close")
                                               : field_has(head.fields, "Connection", "keep-alive");
  out.keep_alive = persists && head.status != 101;
  auto const length = length_of(head.fields);
  if (!length.valid) return unreadable("its Content-Length is no number, or two different ones");
  auto const codings = codings_of(head.fields);
  if (!codings.empty() && length.bytes) return unreadable("it has both a length and chunks");
  if (method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304) return out;
  if (codings.size() == 1 && iequals(codings.front(), "chunked")) {
    out.end = body_end::chunk;
    // RFC 9112, section 6.1: whoever sends chunks as HTTP/1.0 may mean another end.
    out.keep_alive = out.keep_alive && head.minor_version > 0;
  } else if (!codings.empty()) {
    return unreadable(
        fmt::format("Transfer-Encoding '{}' was not asked for",
                    printable(clip(fmt::format("{}", fmt::join(codings, ", ")), 40))));
  } else if (length.bytes) {
    out.end = *length.bytes > 0 ? body_end::length : body_end::at_once;
    out.length = *length.bytes;
  } else {
    out.end = body_end::connection;
    out.keep_alive = false;
  }
  return out;
}

}  // namespace vinny
