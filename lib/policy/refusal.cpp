// SPDX-License-Identifier: MIT
#include "policy/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vinny {
namespace {

// Raised when what counts as an address changes: what was refused as none is looked at again.
constexpr int address_rules_version = 2;

constexpr unsigned kind_bits = 4;  // of a digest: which setting it is of

/// FNV-1a.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (auto const c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::string joined(std::map<std::string, std::string> const& pairs) {
  std::string out;
  for (auto const& [key, value] : pairs) out.append(key).append("=").append(value).append(" ");
  return out;
}

std::string venues_hosts(config const& settings) {
  std::string out;
  for (auto const& one : settings.venues) {
    out += fmt::format("{}: {} ", one.tag, fmt::join(one.image_hosts, ","));
  }
  return out;
}

std::string roots(config const& settings) {
  std::error_code none;
  auto const& file = settings.http.ca_file;
  if (file.empty()) return {};
  auto const written = std::filesystem::last_write_time(file, none);
  return fmt::format("{} {}", file.string(), none ? 0 : written.time_since_epoch().count());
}

std::string value_of(refusing which, config const& settings, std::string const& host,
                     std::int64_t most_bytes) {
  auto const& http = settings.http;
  auto const& images = settings.images;
  switch (which) {
    case refusing::nothing:
      return {};
    case refusing::address_rules:
      return fmt::format("{}", address_rules_version);
    case refusing::robots:
      return fmt::format("{}", settings.politeness_of(host).robots);
    case refusing::redirects:
      return fmt::format("{}", http.max_redirects);
    case refusing::downgrade:
      return fmt::format("{}", settings.politeness_of(host).follow_to_http);
    case refusing::roots:
      return roots(settings);
    case refusing::private_addresses:
      return fmt::format("{} {} {}", http.allow_private_addresses, joined(http.connect_to),
                         fmt::join(http.private_names, " "));
    case refusing::ports:
      return fmt::format("{}", fmt::join(http.ports, " "));
    case refusing::image_hosts:
      return venues_hosts(settings);
    case refusing::most_bytes:
      return fmt::format("{}", most_bytes);
    case refusing::most_pixels:
      return fmt::format("{} {}", images.max_pixels, most_bytes);
    case refusing::least:
      return fmt::format("{} {} {}", images.min_width, images.min_height, images.min_bytes);
  }
  return {};
}

}  // namespace

std::int64_t setting_digest(refusing which, config const& settings, std::string const& host,
                            std::int64_t most_bytes) {
  if (which == refusing::nothing) return 0;
  auto const hash = hash_of(value_of(which, settings, host, most_bytes));
  return static_cast<std::int64_t>((hash >> (kind_bits + 1) << kind_bits) |
                                   static_cast<std::uint64_t>(which));
}

bool setting_has_changed(std::int64_t digest, config const& settings, std::string const& host,
                         std::int64_t most_bytes) {
  auto const which = static_cast<refusing>(digest & ((1 << kind_bits) - 1));
  return digest != setting_digest(which, settings, host, most_bytes);
}

std::string refusing_settings(config const& settings, std::int64_t most_bytes) {
  std::string out;
  auto const add = [&](std::string const& host) {
    for (int i = 1; i <= static_cast<int>(refusing::least); ++i) {
      out += fmt::format("{:x} ",
                         setting_digest(static_cast<refusing>(i), settings, host, most_bytes));
    }
  };
  add({});
  for (auto const& [host, own] : settings.politeness.host) {
    out += host + ' ';
    add(host);
  }
  return out + std::to_string(settings.politeness.retries);
}

std::optional<instant> revisit_at(std::vector<int> const& days, int visits, instant at) noexcept {
  if (days.empty()) return std::nullopt;
  auto const last = static_cast<int>(days.size()) - 1;
  return at + std::chrono::days{days[static_cast<std::size_t>(std::clamp(visits, 0, last))]};
}

}  // namespace vinny
