// SPDX-License-Identifier: MIT
#include "http/cookies.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

#include "core/text.hpp"
#include "core/time.hpp"
#include "http/wire/fields.hpp"

namespace vinny {
namespace {

bool is_or_is_under(std::string_view host, std::string_view domain) noexcept {
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

bool path_matches(std::string_view path, std::string_view of) noexcept {
  if (!path.starts_with(of)) return false;
  return path.size() == of.size() || of.ends_with('/') || path[of.size()] == '/';
}

/// RFC 6265, section 5.1.4.
std::string default_path(url const& from) {
  auto const slash = from.path().rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : from.path().substr(0, slash);
}

bool has_expired(std::string_view name, std::string_view value) {
  if (iequals(name, "Expires")) {
    auto const at = from_http_date(value);
    return at && *at <= now();
  }
  if (!iequals(name, "Max-Age")) return false;
  std::int64_t seconds = 1;
  std::from_chars(value.data(), value.data() + value.size(), seconds);
  return seconds <= 0;
}

}  // namespace

void chain_cookies::take(header_list const& headers, url const& from) {
  for (auto const& [name, value] : headers) {
    if (iequals(name, "Set-Cookie")) set(value, from);
  }
}

void chain_cookies::set(std::string_view line, url const& from) {
  auto parts = split(line, ';');
  auto const equals = parts.front().find('=');
  if (equals == std::string_view::npos) return;
  cookie made{.name = std::string{trim(parts.front().substr(0, equals))},
              .value = std::string{trim(parts.front().substr(equals + 1))},
              .domain = from.host(),
              .path = default_path(from)};
  bool const sound = is_token(made.name) && is_field_value(made.value) &&
                     made.name.size() + made.value.size() <= longest;
  if (!sound) return;
  bool expired = false;
  for (auto const part : parts | std::views::drop(1)) {
    auto const mark = part.find('=');
    auto const name = trim(part.substr(0, mark));
    auto const value =
        mark == std::string_view::npos ? std::string_view{} : trim(part.substr(mark + 1));
    expired = expired || has_expired(name, value);
    made.secure = made.secure || iequals(name, "Secure");
    if (iequals(name, "Path") && value.starts_with('/')) made.path = value;
    if (iequals(name, "Domain") && !value.empty()) {
      auto const domain = to_lower(value.starts_with('.') ? value.substr(1) : value);
      // For all of a top-level domain nobody may speak.
      if (!domain.contains('.') || !is_or_is_under(from.host(), domain)) return;
      made.domain = domain;
      made.host_only = false;
    }
  }
  std::erase_if(cookies_, [&made](cookie const& known) {
    return known.name == made.name && known.domain == made.domain && known.path == made.path;
  });
  if (!expired && cookies_.size() < most) cookies_.push_back(std::move(made));
}

std::string chain_cookies::for_address(url const& target) const {
  std::string out;
  for (auto const& known : cookies_) {
    bool const host_fits = known.host_only ? target.host() == known.domain
                                           : is_or_is_under(target.host(), known.domain);
    if (!host_fits || !path_matches(target.path(), known.path)) continue;
    if (known.secure && !target.is_https()) continue;
    out.append(out.empty() ? "" : "; ").append(known.name).append("=").append(known.value);
  }
  return out;
}

}  // namespace vinny
