// SPDX-License-Identifier: MIT
#include "events/markup/lenient_json.hpp"

#include <fmt/format.h>

#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

/// Writes the text again as strict JSON, as far as that takes no guessing.
class rewriter {
 public:
  explicit rewriter(std::string_view text) : in_(text) { out_.reserve(text.size()); }

  std::string run() {
    while (at_ < in_.size()) {
      if (!skip_noise()) value_text();
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool starts(std::string_view mark) const {
    return in_.substr(at_).starts_with(mark);
  }

  bool skip_noise() {
    constexpr std::array<std::string_view, 5> marks{"<!--", "-->", "<![CDATA[", "]]>",
                                                    "\xEF\xBB\xBF"};
    for (auto const mark : marks) {
      if (starts(mark)) {
        at_ += mark.size();
        return true;
      }
    }
    if (starts("//<![CDATA[") || starts("//]]>")) {  // a comment only to JavaScript
      at_ += 2;
      return true;
    }
    if (starts("//")) {
      at_ = std::min(in_.find('\n', at_), in_.size());
      return true;
    }
    if (starts("/*")) {
      auto const end = in_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? in_.size() : end + 2;
      return true;
    }
    return false;
  }

  void value_text() {
    char const c = in_[at_];
    if (c == '"' || c == '\'') {
      string(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out_ += ' ';
      ++at_;
    } else if (starts("\xC2\xA0")) {
      out_ += ' ';
      at_ += 2;
    } else if (is_name(c)) {
      word();
    } else {
      out_ += c;
      ++at_;
    }
  }

  /// A literal, a number, or a key without quotes.
  void word() {
    auto const begin = at_;
    while (at_ < in_.size() && is_name(in_[at_])) ++at_;
    auto const text = in_.substr(begin, at_ - begin);
    auto after = at_;
    while (after < in_.size() && static_cast<unsigned char>(in_[after]) <= 0x20) ++after;
    if (after < in_.size() && in_[after] == ':') {
      out_.append(1, '"').append(text).append(1, '"');
    } else if (text == "undefined" || text == "NaN") {
      out_ += "null";
    } else {
      out_ += text;
    }
  }

  void string(char quote) {
    out_ += '"';
    for (++at_; at_ < in_.size() && in_[at_] != quote;) {
      char const c = in_[at_];
      if (c == '\\') {
        escape();
        continue;
      }
      if (c == '"') {
        out_ += "\\\"";
      } else if (static_cast<unsigned char>(c) < 0x20) {
        out_ += c == '\n' ? "\\n" : " ";
      } else {
        out_ += c;
      }
      ++at_;
    }
    if (at_ < in_.size()) {
      out_ += '"';
      ++at_;
    }
  }

  /// The code unit of \uXXXX at `at`, or -1.
  [[nodiscard]] int unit(std::size_t at) const {
    if (in_.size() < at + 6 || in_[at] != '\\' || in_[at + 1] != 'u') return -1;
    auto const digits = in_.substr(at + 2, 4);
    if (!std::ranges::all_of(digits, is_hex)) return -1;
    return static_cast<int>(std::strtol(std::string{digits}.c_str(), nullptr, 16));
  }

  void escape() {
    char const next = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
    if (next == 'u') {
      int const code = unit(at_);
      bool const high = code >= 0xD800 && code < 0xDC00;
      int const low = high ? unit(at_ + 6) : -1;
      if (high && low >= 0xDC00 && low < 0xE000) {
        out_ += in_.substr(at_, 12);
        at_ += 12;
      } else if (code < 0) {
        ++at_;
      } else {
        // Half a surrogate pair is no character.
        out_ += code >= 0xD800 && code < 0xE000 ? std::string_view{"\\ufffd"} : in_.substr(at_, 6);
        at_ += 6;
      }
    } else if (next != '\0' &&
               std::string_view{"\"\\/bfnrt"}.find(next) != std::string_view::npos) {
      out_ += in_.substr(at_, 2);
      at_ += 2;
    } else {
      ++at_;
      if (next == '\'') {
        out_ += next;
        ++at_;
      }
    }
  }

  std::string_view in_;
  std::string out_;
  std::size_t at_ = 0;
};

json::parse_options options() {
  json::parse_options o;
  o.max_depth = max_json_depth;
  o.allow_trailing_commas = true;
  o.allow_invalid_utf8 = true;
  return o;
}

result<std::vector<json::value>> parse_clean(std::string_view text, std::string* rest) {
  std::vector<json::value> values;
  for (;;) {
    auto const begin = text.find_first_of("{[");
    if (begin == std::string_view::npos) break;
    // Behind a whole value, only separators and more values are JSON; the rest is a script's.
    if (!values.empty() &&
        text.substr(0, begin).find_first_not_of(" ;,") != std::string_view::npos) {
      break;
    }
    text.remove_prefix(begin);
    json::stream_parser parser({}, options());
    json::error_code error;
    auto const used = parser.write_some(text.data(), text.size(), error);
    if (!error && !parser.done()) error = json::error::incomplete;
    if (error) {
      if (!values.empty()) break;
      return fail(errc::bad_json, fmt::format("{} at byte {}", error.message(), used));
    }
    values.push_back(parser.release());
    text.remove_prefix(used);
  }
  if (values.empty()) return fail(errc::bad_json, "there is no object and no array");
  if (rest != nullptr) *rest = text;
  return values;
}

}  // namespace

result<std::vector<json::value>> parse_lenient_json(std::string_view text, std::string* rest) {
  if (text.size() > max_json_bytes) {
    return fail(errc::bad_json, fmt::format("{} bytes, more than {}", text.size(), max_json_bytes));
  }
  auto parsed = parse_clean(rewriter{text}.run(), rest);
  if (!parsed && text.find("&quot;") != std::string_view::npos) {
    auto again = parse_clean(rewriter{decode_entities(text)}.run(), rest);
    if (again) return again;
  }
  return parsed;
}

std::string_view balanced_json(std::string_view text, std::size_t from) {
  auto const begin = text.find_first_of("{[", from);
  if (begin == std::string_view::npos) return {};
  std::size_t depth = 0;
  for (auto at = begin; at < text.size(); ++at) {
    char const c = text[at];
    if (c == '"' || c == '\'') {
      for (++at; at < text.size() && text[at] != c; ++at) {
        if (text[at] == '\\') ++at;
      }
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return text.substr(begin, at + 1 - begin);
    }
  }
  return {};
}

}  // namespace vinny
