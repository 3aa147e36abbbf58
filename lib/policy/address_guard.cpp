// SPDX-License-Identifier: MIT
#include "policy/address_guard.hpp"

#include <array>
#include <cstdint>

namespace vinny {
namespace {

using boost::asio::ip::address_v6;
using reason = std::optional<std::string_view>;
using v6_bytes = address_v6::bytes_type;

struct v4_block {
  std::array<std::uint8_t, 4> network;
  int bits;
  std::string_view why;
};

// The first block that matches gives the reason: the narrow ones stand above the wide ones.
constexpr std::array v4_blocks{
    v4_block{{169, 254, 169, 254}, 32, "metadata"},  // AWS, Google, Azure and most others
    v4_block{{169, 254, 170, 2}, 32, "metadata"},    // AWS ECS
    v4_block{{169, 254, 170, 23}, 32, "metadata"},   // AWS EKS
    v4_block{{100, 100, 100, 200}, 32, "metadata"},  // Alibaba
    v4_block{{168, 63, 129, 16}, 32, "metadata"},    // Azure's wire server
    v4_block{{192, 0, 0, 192}, 32, "metadata"},      // Oracle
    v4_block{{0, 0, 0, 0}, 32, "unspecified"},
    v4_block{{0, 0, 0, 0}, 8, "reserved"},
    v4_block{{10, 0, 0, 0}, 8, "private"},
    v4_block{{100, 64, 0, 0}, 10, "carrier-grade NAT"},
    v4_block{{127, 0, 0, 0}, 8, "loopback"},
    v4_block{{169, 254, 0, 0}, 16, "link-local"},
    v4_block{{172, 16, 0, 0}, 12, "private"},
    v4_block{{192, 0, 0, 0}, 24, "reserved"},
    v4_block{{192, 0, 2, 0}, 24, "documentation"},
    v4_block{{192, 88, 99, 0}, 24, "reserved"},  // 6to4 relays, RFC 7526
    v4_block{{192, 168, 0, 0}, 16, "private"},
    v4_block{{198, 18, 0, 0}, 15, "benchmarking"},
    v4_block{{198, 51, 100, 0}, 24, "documentation"},
    v4_block{{203, 0, 113, 0}, 24, "documentation"},
    v4_block{{224, 0, 0, 0}, 4, "multicast"},
    v4_block{{255, 255, 255, 255}, 32, "broadcast"},
    v4_block{{240, 0, 0, 0}, 4, "reserved"},
};

struct v6_block {
  std::array<std::uint16_t, 8> network;
  int bits;
  std::string_view why;
};

constexpr std::array v6_blocks{
    v6_block{{0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254}, 128, "metadata"},  // AWS
    v6_block{{0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23}, 128, "metadata"},   // AWS EKS
    v6_block{{0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254}, 128, "metadata"},   // Google
    v6_block{{0, 0, 0, 0, 0, 0, 0, 0}, 128, "unspecified"},
    v6_block{{0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
    v6_block{{0x100, 0, 0, 0}, 64, "discard-only"},  // RFC 6666
    v6_block{{0xfc00}, 7, "unique-local"},
    v6_block{{0xfe80}, 10, "link-local"},
    v6_block{{0xfec0}, 10, "site-local"},
    v6_block{{0xff00}, 8, "multicast"},
    v6_block{{0x2001, 0x2, 0}, 48, "benchmarking"},
    v6_block{{0x2001, 0x10}, 28, "ORCHID"},
    v6_block{{0x2001, 0x20}, 28, "ORCHID"},
    v6_block{{0x2001, 0xdb8}, 32, "documentation"},
    v6_block{{0x3fff, 0}, 20, "documentation"},  // RFC 9637
    v6_block{{0x5f00}, 16, "segment routing"},   // RFC 9602
};

reason refused_v4(std::uint32_t address) noexcept {
  for (auto const& block : v4_blocks) {
    std::uint32_t network = 0;
    for (auto const octet : block.network) network = network << 8 | octet;
    if (((address ^ network) >> (32 - block.bits)) == 0) return block.why;
  }
  return std::nullopt;
}

std::uint16_t word(v6_bytes const& bytes, std::size_t index) noexcept {
  return static_cast<std::uint16_t>(bytes[2 * index] << 8 | bytes[2 * index + 1]);
}

std::uint32_t inner_v4(v6_bytes const& bytes, std::size_t first_word) noexcept {
  return std::uint32_t{word(bytes, first_word)} << 16 | word(bytes, first_word + 1);
}

bool within(v6_bytes const& bytes, std::array<std::uint16_t, 8> const& network, int bits) noexcept {
  for (std::size_t i = 0; bits > 0; ++i, bits -= 16) {
    auto const differing = static_cast<unsigned>(word(bytes, i) ^ network[i]);
    if ((bits >= 16 ? differing : differing >> (16 - bits)) != 0) return false;
  }
  return true;
}

// RFC 5214: 00-00-5E-FE before the IPv4 address; the two low bits of the first octet vary.
bool is_isatap(v6_bytes const& bytes) noexcept {
  return (word(bytes, 4) & 0xfcff) == 0 && word(bytes, 5) == 0x5efe;
}

reason refused_v6(v6_bytes const& bytes) noexcept {
  for (auto const& block : v6_blocks) {
    if (within(bytes, block.network, block.bits)) return block.why;
  }
  auto const last = refused_v4(inner_v4(bytes, 6));
  if (within(bytes, {0, 0, 0, 0, 0, 0xffff}, 96)) return last;                   // mapped, RFC 4291
  if (within(bytes, {0x64, 0xff9b, 0, 0, 0, 0}, 96)) return last;                // NAT64, RFC 6052
  if (within(bytes, {0x64, 0xff9b, 1}, 48)) return last ? last : "local NAT64";  // RFC 8215
  if (within(bytes, {0, 0, 0, 0, 0, 0}, 96)) return last ? last : "reserved";    // compatible
  if (within(bytes, {0, 0, 0, 0, 0xffff, 0}, 96)) return last ? last : "reserved";  // RFC 2765
  if (within(bytes, {0x2002}, 16)) {
    auto const inner = refused_v4(inner_v4(bytes, 1));
    return inner ? inner : "6to4";
  }
  if (within(bytes, {0x2001, 0}, 32)) {
    // RFC 4380: the server as it is, the client with every bit inverted.
    auto const client = refused_v4(~inner_v4(bytes, 6));
    auto const server = refused_v4(inner_v4(bytes, 2));
    return client ? client : server ? server : "Teredo";
  }
  if (within(bytes, {0x2001, 0}, 23)) return "reserved";  // protocol assignments, RFC 2928
  if (!within(bytes, {0x2000}, 3)) return "reserved";     // not global unicast, RFC 4291
  return is_isatap(bytes) ? last : std::nullopt;
}

}  // namespace

reason refused_address(boost::asio::ip::address const& address) {
  return address.is_v4() ? refused_v4(address.to_v4().to_uint())
                         : refused_v6(address.to_v6().to_bytes());
}

}  // namespace vinny
