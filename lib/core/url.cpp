// SPDX-License-Identifier: MIT
#include "core/url.hpp"

#include <boost/url/grammar/ci_string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

#include "core/text.hpp"

namespace vinny {
namespace {

namespace urls = boost::urls;

constexpr std::size_t max_url_length = 8192;

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Where the authority stands in a reference: from `first` up to `last`; brackets are legal there
/// only.
struct text_range {
  std::size_t first = 0;
  std::size_t last = 0;
};
text_range authority_of(std::string_view text) noexcept {
  auto const colon = text.find_first_of(":/?#");
  auto const begin = colon != std::string_view::npos && text[colon] == ':' ? colon + 1 : 0;
  if (!text.substr(begin).starts_with("//")) return {};
  return {begin + 2, std::min(text.find_first_of("/?#", begin + 2), text.size())};
}

/// Percent-encodes what RFC 3986 does not allow, and a '%' that begins no escape.
std::string tolerant(std::string_view given) {
  constexpr std::string_view allowed = "-._~:/?#[]@!$&'()*+,;=%";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  text.reserve(given.size());
  for (auto const c : given) {
    if (c != '\t' && c != '\n' && c != '\r') text += c == '\\' ? '/' : c;
  }
  auto const authority = authority_of(text);
  auto const fragment = text.find('#');
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = text[i];
    bool const alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool ok = alnum || allowed.find(c) != std::string_view::npos;
    if (c == '%') ok = i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
    if (c == '[' || c == ']') ok = i >= authority.first && i < authority.last;
    if (c == '#') ok = i == fragment;
    if (ok) {
      out += c;
    } else {
      auto const byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

/// What the name system and every log can take: an escape that decoded to anything else would let
/// one name pass for another.
bool is_host_name(std::string_view host) noexcept {
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

/// Of a normalised path, which may still begin with ".." segments: RFC 3986, section 5.2.4, drops
/// them.
std::string clean_path(std::string_view path) {
  while (path.starts_with("/../")) path.remove_prefix(3);
  return path.empty() || path == "/.." ? "/" : std::string{path};
}

}  // namespace

result<url> url::parse(std::string_view text) {
  text = trim(text);
  if (text.empty()) return fail(errc::bad_url, "the URL is empty");
  if (text.size() > max_url_length) {
    return fail(errc::bad_url, fmt::format("the URL is {} bytes long; {} are allowed", text.size(),
                                           max_url_length));
  }
  auto const encoded = tolerant(text);
  auto const parsed = urls::parse_uri(encoded);
  if (!parsed)
    return fail(errc::bad_url, fmt::format("'{}' is not a URL", safe_url(clip(text, 200))));
  urls::url u{*parsed};
  u.normalize();
  if (u.scheme() != "http" && u.scheme() != "https") {
    return fail(errc::blocked_scheme,
                fmt::format("'{}' is neither http nor https", safe_url(clip(text, 200))));
  }
  url out;
  out.scheme_ = u.scheme();
  if (u.host_type() == urls::host_type::ipv6) {
    out.host_ = u.host_address();
  } else {
    out.host_ = to_lower(u.host());
  }
  if (out.host_.ends_with('.')) out.host_.pop_back();
  bool const plain = u.host_type() == urls::host_type::ipv6 || is_host_name(out.host_);
  if (out.host_.empty() || out.host_.size() > 253 || !plain) {
    return fail(errc::bad_url,
                fmt::format("'{}' has no usable host (letters, digits, '.', '-' and '_'; names of "
                            "other scripts in their xn-- form)",
                            safe_url(clip(text, 200))));
  }
  out.port_ = out.scheme_ == "https" ? 443 : 80;
  if (u.has_port() && !u.port().empty()) {
    std::string_view const digits{u.port().data(), u.port().size()};
    auto const [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), out.port_);
    if (error != std::errc{} || end != digits.data() + digits.size() || out.port_ == 0) {
      return fail(errc::bad_url, "the port is not a number from 1 to 65535");
    }
  }
  // Boost 1.81 takes what follows the digits of a port for a path.
  if (!u.encoded_path().empty() && !u.encoded_path().starts_with('/')) {
    return fail(errc::bad_url, "the port is not a number from 1 to 65535");
  }
  out.path_ = clean_path(u.encoded_path());
  out.query_ = std::string{u.encoded_query()};
  return out;
}

result<url> url::resolve(std::string_view reference) const {
  reference = trim(reference);
  auto const encoded = tolerant(reference);
  auto const own = str();
  auto const base = urls::parse_uri(own);
  auto const parsed = urls::parse_uri_reference(encoded);
  if (!base || !parsed) {
    return fail(errc::bad_url, fmt::format("'{}' is not a URL", safe_url(clip(reference, 200))));
  }
  urls::url out;
  if (auto const resolved = urls::resolve(*base, *parsed, out); !resolved) {
    return fail(errc::bad_url, fmt::format("'{}' is not a URL", safe_url(clip(reference, 200))));
  }
  return parse(std::string_view{out.buffer().data(), out.buffer().size()});
}

std::string url::target() const {
  return query_.empty() ? path_ : path_ + '?' + query_;
}

std::string url::host_header() const {
  auto out = host_.find(':') == std::string::npos ? host_ : '[' + host_ + ']';
  if (port_ != (is_https() ? 443 : 80)) out += ':' + std::to_string(port_);
  return out;
}

std::string url::host_and_port() const {
  auto out = host_.find(':') == std::string::npos ? host_ : '[' + host_ + ']';
  return out + ':' + std::to_string(port_);
}

std::string url::origin() const {
  return scheme_ + "://" + host_header();
}
std::string url::str() const {
  return origin() + target();
}
std::string url::safe() const {
  return origin() + path_ + (query_.empty() ? "" : "?…");
}

url url::without_query() const {
  auto out = *this;
  out.query_.clear();
  return out;
}

url url::with_path(std::string path, std::string query) const {
  auto out = *this;
  out.path_ = std::move(path);
  out.query_ = std::move(query);
  return out;
}

std::string safe_url(std::string_view text) {
  auto const end = text.find_first_of("?#");
  std::string out{text.substr(0, end)};
  // Credentials in an authority are no better than a query.
  if (auto const scheme = out.find("://"); scheme != std::string::npos) {
    auto const slash = out.find('/', scheme + 3);
    auto const at = out.rfind('@', slash);
    if (at != std::string::npos && at > scheme) out.erase(scheme + 3, at - scheme - 2);
  }
  if (end != std::string_view::npos && text[end] == '?') out += "?…";
  return out;
}

std::string bare_host(std::string_view host) {
  return std::string{host.starts_with("www.") ? host.substr(4) : host};
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace vinny
