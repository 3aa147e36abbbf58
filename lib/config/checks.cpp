// SPDX-License-Identifier: MIT
#include "config/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>

#include "config/venues.hpp"
#include "core/slug.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "core/url.hpp"

namespace vinny::settings {
namespace {

constexpr std::size_t max_text = 4096;

bool is_alnum(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(
      text, [&](char c) { return is_alnum(c) || others.find(c) != std::string_view::npos; });
}

complaint http_url(std::string_view text) {
  auto const wrong = [&](std::string_view why) {
    return fmt::format("must be an http or https URL such as https://example.org/, not {}{}",
                       cited(text), why);
  };
  auto const scheme = to_lower(text.substr(0, 6));
  if (!scheme.starts_with("http:") && !scheme.starts_with("https:")) return wrong("");
  if (text.find_first_of(" \t") != text.npos) return wrong(" (it holds a space)");
  auto const authority_at = text.find_first_not_of("/\\", text.find(':') + 1);
  if (authority_at == text.npos) return wrong(" (it has no host)");
  auto const authority =
      text.substr(authority_at, text.find_first_of("/?#", authority_at) - authority_at);
  // The value is not repeated: a password may be in it.
  if (authority.find('@') != text.npos) return "must not hold a user name or password";
  auto const parsed = url::parse(text);
  if (!parsed) return wrong(" (it cannot be read as one)");
  if (parsed->host().empty()) return wrong(" (it has no host)");
  auto const after_host = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  auto endpoint = std::string(authority);
  if (after_host != authority.npos && host_and_port(endpoint)) return wrong(" (its port is wrong)");
  return {};
}

// RFC 5322 atext and dots before the @, a host name after it: the rule of HTML's e-mail fields.
bool is_email(std::string_view text) {
  auto const at = text.find('@');
  if (at == text.npos || at == 0 || text.size() > 254) return false;
  if (!consists_of(text.substr(0, at), ".!#$%&'*+/=?^_`{|}~-")) return false;
  std::string domain(text.substr(at + 1));
  return !domain.contains('_') && !domain.contains(':') && !host(domain);
}

}  // namespace

complaint one_of(std::string_view what, std::string_view text,
                 std::span<std::string_view const> known) {
  if (std::ranges::find(known, text) != known.end()) return {};
  return fmt::format("unknown {} {} (known: {})", what, cited(text), fmt::join(known, ", "));
}

std::string cited(std::string_view text) {
  auto const safe = safe_url(text);
  auto const start = clip(safe, 80);
  return fmt::format("\"{}{}\"", start, start.size() < safe.size() ? "…" : "");
}

complaint check_printable(std::string_view text) {
  if (text.size() > max_text) {
    return fmt::format("must be at most {} bytes long, not {}", max_text, text.size());
  }
  auto const hidden = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(text, hidden)) return "must not hold control characters";
  return {};
}

complaint any_text(std::string&) {
  return {};
}

complaint some_text(std::string& text) {
  if (trim(text).empty()) return "must not be empty";
  return {};
}

complaint contact(std::string& text) {
  if (text.empty() || is_email(text)) return {};
  // Round brackets would end the comment of the User-Agent that it stands in (RFC 9110, 5.6.5).
  if (!http_url(text) && text.find_first_of("()\\") == text.npos) return {};
  return fmt::format("must be an e-mail address or an http(s) URL, such as ops@example.org, not {}",
                     cited(text));
}

complaint base_url(std::string& text) {
  if (auto wrong = http_url(text)) return wrong;
  if (text.find_first_of("?#") != text.npos) return "must not have a query or a fragment";
  while (text.ends_with('/')) text.pop_back();
  return {};
}

complaint public_url(std::string& text) {
  if (auto wrong = base_url(text)) return wrong;
  if (!text.ends_with(".r2.dev") && !icontains(text, ".r2.dev/")) return {};
  return "must not be an r2.dev address, which is not for the public: connect a domain of your own "
         "to the bucket (R2 > Settings > Custom Domains)";
}

complaint base_url_or_empty(std::string& text) {
  return text.empty() ? complaint{} : base_url(text);
}

complaint page_url_or_empty(std::string& text) {
  return text.empty() ? complaint{} : http_url(text);
}

complaint slug_text(std::string& text) {
  if (is_slug(text)) return {};
  return fmt::format("must be 1 to {} of a-z, 0-9 and '-', not {}", max_slug_length, cited(text));
}

complaint extractor(std::string& text) {
  return one_of("extractor", text, extractor_names());
}

complaint time_zone(std::string& text) {
  if (!text.empty() && is_time_zone(text)) return {};
  return fmt::format("unknown time zone {} (an IANA name, such as America/Los_Angeles)",
                     cited(text));
}

complaint store_kind(std::string& text) {
  static constexpr std::array<std::string_view, 2> known{"directory", "s3"};
  return one_of("kind", text, known);
}

complaint bucket(std::string& text) {
  if (text.empty()) return {};
  bool const length = text.size() >= 3 && text.size() <= 63;
  if (length && consists_of(text, "._-") && is_alnum(text.front())) return {};
  return fmt::format("must be 3 to 63 letters, digits, '.', '_' and '-', not {}", cited(text));
}

complaint region(std::string& text) {
  if (!text.empty() && text.size() <= 64 && consists_of(text, "-_")) return {};
  return fmt::format("must be 1 to 64 letters, digits, '-' and '_', such as auto, not {}",
                     cited(text));
}

complaint key_prefix(std::string& text) {
  if (text.empty()) return {};
  if (text.size() > 512) return "must be at most 512 bytes long";
  if (text.starts_with('/')) return "must not start with '/': object keys do not";
  for (auto const part : split(text, '/')) {
    if (part == "." || part == "..") return "must not hold '.' or '..' as a part";
  }
  return {};
}

complaint acl(std::string& text) {
  static constexpr std::array<std::string_view, 7> known{
      "private",       "public-read",       "public-read-write",        "authenticated-read",
      "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control"};
  return text.empty() ? complaint{} : one_of("acl", text, known);
}

complaint header_value(std::string& text) {
  auto const plain = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (text.size() <= 256 && std::ranges::all_of(text, plain)) return {};
  return "must be at most 256 printable ASCII characters";
}

complaint identifier(std::string& text) {
  if (text.size() <= 64 && consists_of(text, "-_")) return {};
  return fmt::format("must be at most 64 letters, digits, '-' and '_', not {}", cited(text));
}

complaint sql_name(std::string& text) {
  if (!text.empty() && text.size() <= 63) return {};
  return fmt::format("must have 1 to 63 bytes, not {}", cited(text));
}

complaint contained_path(std::string& text) {
  if (text.empty()) return "must not be empty";
  auto const path = std::filesystem::path(text);
  if (path.is_absolute() || std::ranges::find(path, "..") == path.end()) return {};
  return fmt::format("must not climb with '..' (write an absolute path), not {}", cited(text));
}

complaint socket_path(std::string& text) {
  if (text.empty()) return "must not be empty";
  if (text.size() <= 107) return {};  // unix(7): sun_path holds 108 bytes with the final NUL
  return fmt::format("must be at most 107 bytes long, not {}", text.size());
}

}  // namespace vinny::settings
