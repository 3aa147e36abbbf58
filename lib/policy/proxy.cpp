// SPDX-License-Identifier: MIT
#include "policy/proxy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "policy/image_host.hpp"

namespace vinny {
namespace {

/// An address as bytes: four or sixteen.
std::optional<std::string> bytes_of(std::string const& address) {
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 4);
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) {
    return std::string(bytes.data(), 16);
  }
  return std::nullopt;
}

bool same_bits(std::string_view a, std::string_view b, int bits) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size() && bits > 0; ++i, bits -= 8) {
    auto const mask = bits >= 8 ? 0xffU : (0xffU << (8 - bits)) & 0xffU;
    if (((static_cast<unsigned>(a[i]) ^ static_cast<unsigned>(b[i])) & mask) != 0) return false;
  }
  return true;
}

bool in_network(std::string const& address, std::string_view network) {
  auto const slash = network.find('/');
  auto const host = bytes_of(address);
  auto const base = bytes_of(std::string{network.substr(0, slash)});
  if (!host || !base) return false;
  int bits = static_cast<int>(base->size()) * 8;
  if (slash != std::string_view::npos) {
    std::from_chars(network.data() + slash + 1, network.data() + network.size(), bits);
  }
  return same_bits(*host, *base, bits);
}

}  // namespace

bool goes_direct(std::string_view host, std::vector<std::string> const& no_proxy) {
  std::string const name{host};
  return std::ranges::any_of(no_proxy, [&](std::string const& entry) {
    if (entry == "*" || in_network(name, entry)) return true;
    return !entry.contains('/') && host_allowed(host, {entry});
  });
}

bool is_private_name(std::string_view host, std::vector<std::string> const& private_names) {
  bool const address = bytes_of(std::string{host}).has_value();
  if (address || host.empty()) return false;
  return !host.contains('.') || (!private_names.empty() && host_allowed(host, private_names));
}

}  // namespace vinny
