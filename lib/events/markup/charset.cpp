// SPDX-License-Identifier: MIT
#include "events/markup/charset.hpp"

#include <iconv.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t meta_bytes = 1024;
constexpr std::size_t max_label = 40;
constexpr std::string_view space = " \t\r\n\f";
constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// A conversion of iconv's to UTF-8; none for a name that it does not know.
class converter {
 public:
  explicit converter(std::string const& name) : handle_(iconv_open("UTF-8", name.c_str())) {}
  converter(converter const&) = delete;
  converter& operator=(converter const&) = delete;
  ~converter() {
    if (*this) iconv_close(handle_);
  }
  explicit operator bool() const noexcept {
    return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr): POSIX
  }

  /// `unit`: bytes of one code unit, which an invalid sequence costs.
  std::string run(std::string_view text, std::size_t unit) {
    auto const most = text.size() * 4;
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    auto* from = const_cast<char*>(text.data());  // iconv only reads it
    auto left = text.size();
    std::array<char, 16384> buffer{};
    int error = 0;
    auto const step = [&](char** source) {
      auto* to = buffer.data();
      auto room = buffer.size();
      bool const done = iconv(handle_, source, &left, &to, &room) != static_cast<std::size_t>(-1);
      error = done ? 0 : errno;
      out.append(buffer.data(), buffer.size() - room);
    };
    while (left > 0 && out.size() < most) {
      step(&from);
      if (error == E2BIG) continue;
      if (error != 0) {
        out += replacement;
        auto const skipped = error == EILSEQ ? std::min(unit, left) : left;
        from += skipped;
        left -= skipped;
      }
    }
    step(nullptr);  // what waits for a character to combine with
    return std::string{clip(out, most)};
  }

 private:
  iconv_t handle_;
};

struct alias {
  std::string_view label;
  std::string_view name;
};
// Labels that stand for a larger set than iconv takes them for.
constexpr std::array aliases{
    alias{"utf8", "utf-8"},
    alias{"unicode-1-1-utf-8", "utf-8"},
    alias{"us-ascii", "windows-1252"},
    alias{"ascii", "windows-1252"},
    alias{"ansi_x3.4-1968", "windows-1252"},
    alias{"iso-8859-1", "windows-1252"},
    alias{"iso8859-1", "windows-1252"},
    alias{"iso88591", "windows-1252"},
    alias{"iso_8859-1", "windows-1252"},
    alias{"latin1", "windows-1252"},
    alias{"latin-1", "windows-1252"},
    alias{"l1", "windows-1252"},
    alias{"cp819", "windows-1252"},
    alias{"cp1252", "windows-1252"},
    alias{"x-cp1252", "windows-1252"},
    alias{"iso-8859-9", "windows-1254"},
    alias{"latin5", "windows-1254"},
    alias{"iso-8859-11", "windows-874"},
    alias{"tis-620", "windows-874"},
    alias{"shift_jis", "cp932"},
    alias{"shift-jis", "cp932"},
    alias{"sjis", "cp932"},
    alias{"x-sjis", "cp932"},
    alias{"windows-31j", "cp932"},
    alias{"euc-kr", "cp949"},
    alias{"ks_c_5601-1987", "cp949"},
    alias{"gb2312", "gb18030"},
    alias{"gbk", "gb18030"},
    alias{"x-gbk", "gb18030"},
    alias{"big5", "big5-hkscs"},
    alias{"x-mac-roman", "macintosh"},
};

/// What iconv calls the encoding of a label.
std::string name_of(std::string_view label) {
  auto const text = to_lower(trim(label));
  auto const it = std::ranges::find(aliases, std::string_view{text}, &alias::label);
  return it == aliases.end() ? text : std::string{it->name};
}

bool is_label_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
         c == ':';
}

/// An encoding that has ASCII's characters where ASCII has them: markup could not be read in
/// another, and none without a byte order mark is meant.
bool keeps_ascii(converter& one) {
  std::string ascii;
  for (char c = ' '; c <= '~'; ++c) ascii += c;
  return one.run(ascii, 1) == ascii;
}

/// In the encoding that a label names; nothing for a label that is not known.
std::optional<std::string> decode(std::string_view body, std::string_view label) {
  auto const name = name_of(label);
  if (name.empty() || name.size() > max_label || !std::ranges::all_of(name, is_label_char)) {
    return {};
  }
  if (name == "utf-8") return valid_utf8(body);
  if (converter probe{name}; !probe || !keeps_ascii(probe)) return {};
  converter one{name};
  if (!one) return {};
  return one.run(body, 1);
}

/// "text/html; charset=utf-8" → "utf-8".
std::string_view charset_of(std::string_view content_type) {
  for (auto part : split(content_type, ';')) {
    part = trim(part);
    auto const equals = part.find('=');
    if (equals == std::string_view::npos || !iequals(trim(part.substr(0, equals)), "charset")) {
      continue;
    }
    auto value = trim(part.substr(equals + 1));
    if (value.starts_with('"') || value.starts_with('\'')) {
      auto const quote = value.front();
      value.remove_prefix(1);
      value = value.substr(0, value.find(quote));
    }
    return trim(value);
  }
  return {};
}

/// What one meta element says, given its attributes' text up to any length behind it; "" when it
/// says nothing.
std::string_view charset_of_meta(std::string_view text) {
  std::string_view charset;
  std::string_view content;
  bool about_type = false;
  for (;;) {
    auto const begin = text.find_first_not_of(" \t\r\n\f/", 0);
    if (begin == std::string_view::npos || text[begin] == '>') break;
    text.remove_prefix(begin);
    auto const name = text.substr(0, text.find_first_of(" \t\r\n\f/>=", 1));
    text.remove_prefix(name.size());
    auto const next = std::min(text.find_first_not_of(space), text.size());
    std::string_view value;
    if (text.substr(next).starts_with('=')) {
      text.remove_prefix(next + 1);
      text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
      bool const quoted = text.starts_with('"') || text.starts_with('\'');
      auto const ends = quoted ? text.substr(0, 1) : std::string_view{" \t\r\n\f>"};
      if (quoted) text.remove_prefix(1);
      auto const end = text.find_first_of(ends);
      if (end == std::string_view::npos) return {};
      value = text.substr(0, end);
      text.remove_prefix(end + (quoted ? 1 : 0));
    }
    if (iequals(name, "charset")) charset = value;
    if (iequals(name, "content")) content = value;
    if (iequals(name, "http-equiv")) about_type = iequals(trim(value), "content-type");
  }
  if (!charset.empty()) return charset;
  return about_type ? charset_of(content) : std::string_view{};
}

/// In the encoding that the first meta element with a known label names.
std::optional<std::string> decode_by_meta(std::string_view body) {
  auto head = body.substr(0, meta_bytes);
  for (auto at = head.find('<'); at != std::string_view::npos; at = head.find('<')) {
    head.remove_prefix(at);
    if (head.starts_with("<!--")) {
      auto const end = head.find("-->", 2);
      if (end == std::string_view::npos) return {};
      head.remove_prefix(end);
      continue;
    }
    bool const meta = iequals(head.substr(0, 5), "<meta") && head.size() > 5 &&
                      (head[5] == '/' || space.find(head[5]) != std::string_view::npos);
    head.remove_prefix(meta ? 5 : 1);
    if (!meta) continue;
    auto const label = charset_of_meta(head);
    // Markup that can be read so far is not UTF-16, whatever it says.
    bool const wide = to_lower(trim(label)).starts_with("utf-16");
    if (auto text = decode(body, wide ? "utf-8" : label)) return text;
  }
  return {};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    utf8proc_int32_t code = 0;
    auto const size = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &code);
    if (size <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string from_utf16(std::string_view text, char const* name) {
  converter one{name};
  return one ? one.run(text, 2) : valid_utf8(text);
}

}  // namespace

std::string to_utf8(std::string_view body, std::string_view content_type) {
  if (body.starts_with("\xEF\xBB\xBF")) return valid_utf8(body.substr(3));
  if (body.starts_with("\xFF\xFE")) return from_utf16(body.substr(2), "UTF-16LE");
  if (body.starts_with("\xFE\xFF")) return from_utf16(body.substr(2), "UTF-16BE");
  if (auto text = decode(body, charset_of(content_type))) return *std::move(text);
  if (auto text = decode_by_meta(body)) return *std::move(text);
  if (!is_utf8(body)) {
    if (auto text = decode(body, "windows-1252")) return *std::move(text);
  }
  return valid_utf8(body);
}

}  // namespace vinny
