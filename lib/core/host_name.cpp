// SPDX-License-Identifier: MIT
#include "core/host_name.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>

#include "core/percent.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t longest_host = 253;  // RFC 1035, without the dot at the end
constexpr int address_bits = 32;

std::unexpected<failure> unusable(std::string_view why) {
  return fail(errc::bad_url, std::string{why});
}

bool is_ascii(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// What the name system and every log can take: an escape that decoded to anything else would let
/// one name pass for another.
bool is_plain_name(std::string_view host) noexcept {
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

struct free_with_idn2 {
  void operator()(char* text) const noexcept { idn2_free(text); }
};

result<std::string> to_ascii(std::string const& name) {
  char* made = nullptr;
  int const code = idn2_to_ascii_8z(name.c_str(), &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  std::unique_ptr<char, free_with_idn2> const owner{made};
  if (code != IDN2_OK) {
    return unusable(fmt::format("the host's name has no xn-- form ({})", idn2_strerror(code)));
  }
  return to_lower(made);
}

result<std::string> ipv6(std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> printed{};
  std::string const given{text};
  if (::inet_pton(AF_INET6, given.c_str(), bytes.data()) != 1) {
    return unusable("what stands in brackets is no IPv6 address");
  }
  return std::string{::inet_ntop(AF_INET6, bytes.data(), printed.data(), printed.size())};
}

/// Decimal, or octal behind "0", or hexadecimal behind "0x", as inet_aton reads it.
std::optional<std::uint64_t> number_of(std::string_view part) noexcept {
  int base = 10;
  if (part.starts_with("0x")) {
    part.remove_prefix(2);
    base = 16;
    if (part.empty()) return 0;
  } else if (part.size() > 1 && part.front() == '0') {
    base = 8;
  }
  std::uint64_t out = 0;
  auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), out, base);
  if (error == std::errc::invalid_argument || end != part.data() + part.size()) return std::nullopt;
  return error == std::errc{} ? out : UINT64_MAX;
}

/// A name whose last label is a number is meant as an address, and is one or nothing.
bool ends_in_a_number(std::string_view host) noexcept {
  auto const last = host.substr(host.rfind('.') + 1);
  if (last.empty()) return false;
  return std::ranges::all_of(last, is_digit) || (last.starts_with("0x") && number_of(last));
}

result<std::string> ipv4(std::string_view host) {
  auto const wrong = [] { return unusable("the host looks like an IPv4 address and is none"); };
  auto const parts = split(host, '.');
  if (parts.size() > 4) return wrong();
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto const number = number_of(parts[i]);
    bool const last = i + 1 == parts.size();
    // The last number fills what is left of the address.
    auto const room = last ? address_bits - 8 * static_cast<int>(i) : 8;
    if (!number || parts[i].empty() || *number >= 1ULL << room) return wrong();
    address |= *number << (last ? 0 : address_bits - 8 * static_cast<int>(i + 1));
  }
  return fmt::format("{}.{}.{}.{}", address >> 24U & 255U, address >> 16U & 255U,
                     address >> 8U & 255U, address & 255U);
}

}  // namespace

result<std::string> parse_host(std::string_view written) {
  if (written.starts_with('[')) {
    if (!written.ends_with(']')) return unusable("the bracket before the host is not closed");
    return ipv6(written.substr(1, written.size() - 2));
  }
  auto name = percent_decode(written);
  if (!is_ascii(name)) {
    auto ascii = to_ascii(name);
    if (!ascii) return ascii;
    name = std::move(*ascii);
  }
  name = to_lower(name);
  if (name.ends_with('.')) name.pop_back();
  if (name.empty()) return unusable("there is no host");
  if (name.starts_with('.') || name.ends_with('.') || name.contains("..")) {
    return unusable("the host's name has an empty part");
  }
  if (name.size() > longest_host) return unusable("the host's name is too long");
  if (!is_plain_name(name)) {
    return unusable("the host has other characters than letters, digits, '.', '-' and '_'");
  }
  return ends_in_a_number(name) ? ipv4(name) : std::move(name);
}

std::string host_or_same(std::string_view written) {
  auto host = parse_host(written);
  return host ? std::move(*host) : to_lower(written);
}

std::string bare_host(std::string_view host) {
  return std::string{host.starts_with("www.") ? host.substr(4) : host};
}

}  // namespace vinny
