// SPDX-License-Identifier: MIT
//
// The checks of config/checks.hpp on hosts, addresses and ports.
#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "config/checks.hpp"
#include "core/host_name.hpp"
#include "core/text.hpp"

namespace vinny::settings {
namespace {

struct endpoint {
  std::string host;  // IPv6 without brackets
  bool bracketed = false;
  int port = 0;
};

std::optional<int> port_of(std::string_view text) {
  int port = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  if (port < 1 || port > 65535 || text.starts_with('0')) return {};
  return port;
}

/// As names are written in lists and pages, too: another script has its xn-- form.
std::string name_of(std::string_view text) {
  bool const ascii =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? to_lower(text) : host_or_same(text);
}

std::optional<endpoint> endpoint_of(std::string_view text) {
  auto const colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return {};
  auto const port = port_of(text.substr(colon + 1));
  if (!port) return {};
  auto host = text.substr(0, colon);
  bool const bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.contains(':') != bracketed) return {};
  return endpoint{name_of(host), bracketed, *port};
}

bool is_ipv4(std::string const& text) {
  in_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1;
}

bool is_ipv6(std::string const& text) {
  in6_addr address{};
  return inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_loopback(endpoint const& where) {
  if (!where.bracketed && where.host == "localhost") return true;
  in_addr four{};
  if (!where.bracketed && inet_pton(AF_INET, where.host.c_str(), &four) == 1) {
    return (ntohl(four.s_addr) >> 24) == 127;
  }
  in6_addr six{};
  return where.bracketed && inet_pton(AF_INET6, where.host.c_str(), &six) == 1 &&
         IN6_IS_ADDR_LOOPBACK(&six);
}

bool is_label(std::string_view label) {
  auto const fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !label.empty() && label.size() <= 63 && std::ranges::all_of(label, fits) &&
         label.front() != '-' && label.back() != '-';
}

// RFC 1123 names, and the underscore that some hosts have all the same.
bool is_host_name(std::string_view name) {
  return name.size() <= 253 && std::ranges::all_of(split(name, '.'), is_label);
}

std::string written(endpoint const& where) {
  return where.bracketed ? fmt::format("[{}]:{}", where.host, where.port)
                         : fmt::format("{}:{}", where.host, where.port);
}

}  // namespace

complaint host(std::string& text) {
  auto name = name_of(text);
  bool const bracketed = name.size() > 2 && name.starts_with('[') && name.ends_with(']');
  if (bracketed) name = name.substr(1, name.size() - 2);
  if (!is_ipv6(name) && (bracketed || !is_host_name(name))) {
    return fmt::format(
        "must be a host name without scheme or port, such as cdn.example.org, not {}", cited(text));
  }
  text = std::move(name);
  return {};
}

complaint host_and_port(std::string& text) {
  auto const found = endpoint_of(text);
  if (!found || !(found->bracketed ? is_ipv6(found->host) : is_host_name(found->host))) {
    return fmt::format("must be \"host:port\", such as \"img.example.org:443\", not {}",
                       cited(text));
  }
  text = written(*found);
  return {};
}

complaint address_and_port(std::string& text) {
  auto const found = endpoint_of(text);
  if (!found || !(found->bracketed ? is_ipv6(found->host) : is_ipv4(found->host))) {
    return fmt::format(
        "must be \"address:port\", such as \"127.0.0.5:8443\" or \"[::1]:8443\", not {}",
        cited(text));
  }
  text = written(*found);
  return {};
}

complaint listen_address(std::string& text) {
  if (text.empty()) return {};
  auto const found = endpoint_of(text);
  if (!found || !is_loopback(*found)) {
    return fmt::format(
        "must be a loopback address with a port, such as \"127.0.0.1:8787\" or \"[::1]:8787\", "
        "not {}: put a proxy in front to serve others",
        cited(text));
  }
  text = written(*found);
  return {};
}

}  // namespace vinny::settings
