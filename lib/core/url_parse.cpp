// SPDX-License-Identifier: MIT
// The URL Standard's reading of http and https URLs, with the differences that docs/urls.md lists.
#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "core/host_name.hpp"
#include "core/percent.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_url_length = 8192;

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// RFC 3986, section 3.3, with the slash.
constexpr bool may_stand_in_path(char c) noexcept {
  return is_unreserved(c) || std::string_view{"!$&'()*+,;=:@/"}.find(c) != std::string_view::npos;
}
constexpr bool may_stand_in_query(char c) noexcept {
  return may_stand_in_path(c) || c == '?';
}
constexpr bool is_slash(char c) noexcept {
  return c == '/' || c == '\\';
}

/// Without what browsers do not see: controls and spaces at the ends, line ends and tabs anywhere,
/// and the fragment, which is never sent.
std::string visible(std::string_view text) {
  auto const hidden = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && hidden(text.front())) text.remove_prefix(1);
  while (!text.empty() && hidden(text.back())) text.remove_suffix(1);
  std::string out;
  out.reserve(text.size());
  for (auto const c : text.substr(0, text.find('#'))) {
    if (c != '\t' && c != '\n' && c != '\r') out += c;
  }
  return out;
}

/// Escapes what may not stand there, decodes what needs no escape, and leaves every other escape
/// as it was written.
template <class Allowed>
std::string encode(std::string_view given, Allowed&& may_stand) {
  std::string out;
  out.reserve(given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    auto const byte = escaped_byte(given, i);
    if (byte >= 0 && is_unreserved(static_cast<char>(byte))) {
      out += static_cast<char>(byte);
      i += 2;
    } else if (byte >= 0) {
      out += given.substr(i, 3);
      i += 2;
    } else if (may_stand(given[i])) {
      out += given[i];
    } else {
      append_escape(out, given[i]);
    }
  }
  return out;
}

std::string encode_path(std::string_view given) {
  std::string slashed{given};
  std::ranges::replace(slashed, '\\', '/');
  return encode(slashed, may_stand_in_path);
}

/// RFC 3986, section 5.2.4, of an absolute path.
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  auto const segments = split(path.substr(1), '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    bool const last = i + 1 == segments.size();
    auto const segment = segments[i];
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
      continue;
    }
    if (last) kept.emplace_back();  // what it names is a folder
  }
  std::string out;
  for (auto const segment : kept) out.append("/").append(segment);
  return out.empty() ? "/" : out;
}

/// The parts of a URL or a reference as they stand there.
struct reference {
  std::optional<std::string_view> scheme;
  std::optional<std::string_view> authority;
  std::string_view path;
  std::optional<std::string_view> query;
};

std::optional<std::string_view> scheme_of(std::string_view text) noexcept {
  if (text.empty() || !is_letter(text.front())) return std::nullopt;
  auto const end = std::ranges::find_if_not(
      text, [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; });
  if (end == text.end() || *end != ':') return std::nullopt;
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// `base_scheme`: of what a reference is relative to; empty: to nothing.
reference take_apart(std::string_view text, std::string_view base_scheme) noexcept {
  reference out;
  out.scheme = scheme_of(text);
  bool own = !base_scheme.empty();  // what follows may be relative
  if (out.scheme) {
    text.remove_prefix(out.scheme->size() + 1);
    own = own && iequals(*out.scheme, base_scheme);
  }
  if (auto const mark = text.find('?'); mark != std::string_view::npos) {
    out.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  bool const two = text.size() > 1 && is_slash(text[0]) && is_slash(text[1]);
  // Without a base of the same scheme browsers and curl take one slash, or none, for two.
  if (two || (out.scheme && !own)) {
    for (int i = 0; i < 2 && !text.empty() && is_slash(text.front()); ++i) text.remove_prefix(1);
    auto const end = std::min(text.find_first_of("/\\"), text.size());
    out.authority = text.substr(0, end);
    text.remove_prefix(end);
  }
  out.path = text;
  return out;
}

struct host_port {
  std::string host;
  std::optional<std::uint16_t> port;
};
/// Credentials are dropped.
result<host_port> read_authority(std::string_view text) {
  if (auto const at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  auto const bracket = text.starts_with('[') ? text.find(']') : 0;
  auto const colon = bracket == std::string_view::npos ? bracket : text.find(':', bracket);
  auto host = parse_host(text.substr(0, colon));
  if (!host) return std::unexpected(host.error());
  host_port out{.host = std::move(*host), .port = std::nullopt};
  auto const digits = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (digits.empty()) return out;
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) {
    return fail(errc::bad_url, "the port is not a number from 1 to 65535");
  }
  out.port = port;
  return out;
}

/// What is said of a text that is no URL, without what is nobody's business.
std::unexpected<failure> not_a_url(std::string_view text, std::string_view why) {
  return fail(errc::bad_url, fmt::format("'{}' is not a URL: {}", safe_url(clip(text, 200)), why));
}

std::string merged(std::string_view base_path, std::string_view path) {
  auto const folder = base_path.substr(0, base_path.rfind('/') + 1);
  return std::string{folder} + encode_path(path);
}

}  // namespace

result<url> url::parse(std::string_view text) {
  return read(text, nullptr);
}

result<url> url::resolve(std::string_view reference) const {
  return read(reference, this);
}

result<url> url::read(std::string_view text, url const* base) {
  if (text.size() > max_url_length) {
    return fail(errc::bad_url, fmt::format("the URL is {} bytes long; {} are allowed", text.size(),
                                           max_url_length));
  }
  auto const seen = visible(text);
  if (seen.empty() && base == nullptr) return fail(errc::bad_url, "the URL is empty");
  auto const parts = take_apart(seen, base == nullptr ? std::string_view{} : base->scheme_);
  if (!parts.scheme && base == nullptr) return not_a_url(text, "it begins with no scheme");
  auto scheme = parts.scheme ? to_lower(*parts.scheme) : base->scheme_;
  if (scheme != "http" && scheme != "https") {
    return fail(errc::blocked_scheme,
                fmt::format("'{}' is neither http nor https", safe_url(clip(text, 200))));
  }
  url out;
  out.scheme_ = std::move(scheme);
  if (parts.authority) {
    auto where = read_authority(*parts.authority);
    if (!where) return not_a_url(text, where.error().message);
    out.host_ = std::move(where->host);
    out.port_ = where->port.value_or(out.is_https() ? 443 : 80);
  } else {
    out.host_ = base->host_;
    out.port_ = base->port_;
  }
  bool const rooted = parts.authority || (!parts.path.empty() && is_slash(parts.path.front()));
  if (rooted) {
    out.path_ = parts.path.empty() ? "/" : without_dots(encode_path(parts.path));
  } else if (!parts.path.empty()) {
    out.path_ = without_dots(merged(base->path_, parts.path));
  } else {
    out.path_ = base->path_;
  }
  if (parts.query) {
    out.query_ = encode(*parts.query, may_stand_in_query);
    out.has_query_ = true;
  } else if (!rooted && parts.path.empty()) {
    out.query_ = base->query_;
    out.has_query_ = base->has_query_;
  }
  return out;
}

}  // namespace vinny
