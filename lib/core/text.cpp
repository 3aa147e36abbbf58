// SPDX-License-Identifier: MIT
#include "core/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace vinny {
namespace {

constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

void append_code_point(std::string& out, std::int32_t code) {
  std::array<utf8proc_uint8_t, 4> buffer{};
  auto const size = utf8proc_encode_char(code, buffer.data());
  out.append(reinterpret_cast<char const*>(buffer.data()), static_cast<std::size_t>(size));
}

// The references that event pages use; all others are numeric or stay as they are.
struct named_reference {
  std::string_view name;
  std::int32_t code;
};
constexpr std::array named_references{
    named_reference{"amp", '&'},       named_reference{"lt", '<'},
    named_reference{"gt", '>'},        named_reference{"quot", '"'},
    named_reference{"apos", '\''},     named_reference{"nbsp", 0xA0},
    named_reference{"ndash", 0x2013},  named_reference{"mdash", 0x2014},
    named_reference{"lsquo", 0x2018},  named_reference{"rsquo", 0x2019},
    named_reference{"sbquo", 0x201A},  named_reference{"ldquo", 0x201C},
    named_reference{"rdquo", 0x201D},  named_reference{"bdquo", 0x201E},
    named_reference{"hellip", 0x2026}, named_reference{"bull", 0x2022},
    named_reference{"middot", 0xB7},   named_reference{"copy", 0xA9},
    named_reference{"reg", 0xAE},      named_reference{"trade", 0x2122},
    named_reference{"deg", 0xB0},      named_reference{"times", 0xD7},
    named_reference{"eacute", 0xE9},   named_reference{"Eacute", 0xC9},
    named_reference{"egrave", 0xE8},   named_reference{"Egrave", 0xC8},
    named_reference{"ecirc", 0xEA},    named_reference{"euml", 0xEB},
    named_reference{"aacute", 0xE1},   named_reference{"Aacute", 0xC1},
    named_reference{"agrave", 0xE0},   named_reference{"acirc", 0xE2},
    named_reference{"auml", 0xE4},     named_reference{"Auml", 0xC4},
    named_reference{"aring", 0xE5},    named_reference{"Aring", 0xC5},
    named_reference{"aelig", 0xE6},    named_reference{"AElig", 0xC6},
    named_reference{"atilde", 0xE3},   named_reference{"ccedil", 0xE7},
    named_reference{"Ccedil", 0xC7},   named_reference{"iacute", 0xED},
    named_reference{"Iacute", 0xCD},   named_reference{"icirc", 0xEE},
    named_reference{"iuml", 0xEF},     named_reference{"ntilde", 0xF1},
    named_reference{"Ntilde", 0xD1},   named_reference{"oacute", 0xF3},
    named_reference{"Oacute", 0xD3},   named_reference{"ograve", 0xF2},
    named_reference{"ocirc", 0xF4},    named_reference{"ouml", 0xF6},
    named_reference{"Ouml", 0xD6},     named_reference{"otilde", 0xF5},
    named_reference{"oslash", 0xF8},   named_reference{"Oslash", 0xD8},
    named_reference{"szlig", 0xDF},    named_reference{"uacute", 0xFA},
    named_reference{"Uacute", 0xDA},   named_reference{"ugrave", 0xF9},
    named_reference{"ucirc", 0xFB},    named_reference{"uuml", 0xFC},
    named_reference{"Uuml", 0xDC},     named_reference{"yacute", 0xFD},
    named_reference{"iexcl", 0xA1},    named_reference{"iquest", 0xBF},
    named_reference{"euro", 0x20AC},   named_reference{"pound", 0xA3},
    named_reference{"laquo", 0xAB},    named_reference{"raquo", 0xBB},
};

/// The code point of a reference body ("amp", "#39", "#x27"), or -1.
std::int32_t reference_code(std::string_view body) {
  if (body.size() > 1 && body.front() == '#') {
    bool const hex = body[1] == 'x' || body[1] == 'X';
    auto const digits = body.substr(hex ? 2 : 1);
    std::uint32_t code = 0;
    auto const [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    bool const whole = error == std::errc{} && end == digits.data() + digits.size();
    if (!whole || digits.empty() || code == 0 ||
        !utf8proc_codepoint_valid(static_cast<std::int32_t>(code & 0x7FFFFFFFU))) {
      return -1;
    }
    return static_cast<std::int32_t>(code);
  }
  auto const it = std::ranges::find(named_references, body, &named_reference::name);
  return it == named_references.end() ? -1 : it->code;
}

std::string decode_once(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto const ampersand = text.find('&');
    out.append(text.substr(0, ampersand));
    if (ampersand == std::string_view::npos) break;
    text.remove_prefix(ampersand);
    auto const semicolon = text.substr(0, 12).find(';');
    auto const code =
        semicolon == std::string_view::npos ? -1 : reference_code(text.substr(1, semicolon - 1));
    if (code < 0) {
      out += '&';
      text.remove_prefix(1);
    } else {
      append_code_point(out, code);
      text.remove_prefix(semicolon + 1);
    }
  }
  return out;
}

constexpr bool is_wide_space(std::int32_t code) noexcept {
  return (code >= 0x09 && code <= 0x0D) || code == 0x85 || code == 0x2028 || code == 0x2029;
}

constexpr bool is_control(std::int32_t code) noexcept {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

/// Valid UTF-8 made of what `write` adds for each character: its bytes and its code point.
template <class Write>
std::string rewritten(std::string_view text, Write write) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t code = 0;
    auto const size = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &code);
    auto const bytes = size <= 0 ? std::size_t{1} : static_cast<std::size_t>(size);
    if (size <= 0) {
      out += "\xEF\xBF\xBD";
    } else {
      write(out, text.substr(0, bytes), code);
    }
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool iequals(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool icontains(std::string_view text, std::string_view needle) noexcept {
  return needle.empty() || !std::ranges::search(text, needle, {}, lower, lower).empty();
}

std::string squeeze(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const no_break = text[i] == '\xC2' && i + 1 < text.size() && text[i + 1] == '\xA0';
    if (no_break || is_space(text[i])) {
      gap = true;
      if (no_break) ++i;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    out += text[i];
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto const at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string decode_entities(std::string_view text) {
  auto once = decode_once(text);
  return once.find('&') == std::string::npos ? once : decode_once(once);
}

std::string plain_text(std::string_view html) {
  auto const decoded = drop_controls(decode_entities(html));
  auto const last_close = decoded.rfind('>');
  std::string out;
  out.reserve(decoded.size());
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    bool const tag = decoded[i] == '<' && last_close != std::string::npos && i < last_close &&
                     (decoded[i + 1] == '/' || decoded[i + 1] == '!' ||
                      (lower(decoded[i + 1]) >= 'a' && lower(decoded[i + 1]) <= 'z'));
    auto const end = tag ? decoded.find('>', i) : std::string::npos;
    if (end == std::string::npos) {
      out += decoded[i];
    } else {
      out += ' ';
      i = end;
    }
  }
  return squeeze(out);
}

std::string valid_utf8(std::string_view text) {
  return rewritten(text, [](std::string& out, std::string_view bytes, std::int32_t code) {
    if (code != 0) out += bytes;
  });
}

std::string drop_controls(std::string_view text) {
  return rewritten(text, [](std::string& out, std::string_view bytes, std::int32_t code) {
    if (is_wide_space(code)) {
      out += ' ';
    } else if (!is_control(code)) {
      out += bytes;
    }
  });
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  if (what.empty()) return;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string_view clip(std::string_view text, std::size_t bytes) noexcept {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

std::string printable(std::string_view text) {
  std::string const valid = valid_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (std::size_t i = 0; i < valid.size(); ++i) {
    auto const byte = static_cast<unsigned char>(valid[i]);
    bool const c1 =
        byte == 0xC2 && i + 1 < valid.size() && static_cast<unsigned char>(valid[i + 1]) < 0xA0;
    if (byte == '\n' || byte == '\r' || byte == '\t') {
      out += ' ';
    } else if (byte < 0x20 || byte == 0x7F || c1) {
      out += "\xEF\xBF\xBD";
      i += c1 ? 1 : 0;
    } else {
      out += valid[i];
    }
  }
  return out;
}

std::string grouped(std::int64_t number) {
  auto out = std::to_string(number);
  auto const first = number < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > first; at -= 3) {
    out.insert(static_cast<std::size_t>(at), ",");
  }
  return out;
}

}  // namespace vinny
