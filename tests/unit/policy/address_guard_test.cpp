// SPDX-License-Identifier: MIT
#include "policy/address_guard.hpp"

#include "core/text.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace vinny;
using boost::asio::ip::address_v4;
using boost::asio::ip::make_address;
using boost::asio::ip::make_address_v4;

namespace {

struct refusal {
  std::string_view why;
  std::string_view addresses;  // between single spaces
};

std::vector<refusal> const refused{
    {"unspecified", "0.0.0.0 :: 0:0:0:0:0:0:0:0"},
    {"reserved",
     "0.0.0.1 0.1.2.3 0.255.255.255 192.0.0.0 192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.255 "
     "192.88.99.0 192.88.99.1 192.88.99.255 240.0.0.0 240.0.0.1 247.1.2.3 255.0.0.0 "
     "255.255.255.254 ::8.8.8.8 ::2 ::ffff:0:8.8.8.8 2001:1::1 2001:1::2 2001:3::1 2001:4:112::1 "
     "2001:30::1 2001:1ff:ffff::1 1::1 64:ff9a::1 64:ff9b:2::1 64:ff9b:0:0:0:1:808:808 200::1 "
     "400::1 1fff:ffff::1 4000::1 4321::1 8000::1 c000::1 e000::1 f000::1 fbff::1 fe00::1 "
     "fe7f::1 100:0:0:1::1 101::1"},
    {"private",
     "10.0.0.0 10.0.0.1 10.1.2.3 10.255.255.255 172.16.0.0 172.16.0.1 172.20.1.1 172.31.255.254 "
     "172.31.255.255 192.168.0.0 192.168.0.1 192.168.1.1 192.168.100.100 192.168.255.255 "
     "::ffff:10.0.0.1 ::ffff:192.168.1.1 ::ffff:172.16.5.4 ::ffff:a00:1 ::10.0.0.1 ::192.168.0.1 "
     "::ffff:0:10.0.0.1 2002:a00:1:: 2002:a00:1::1 2002:c0a8:101::1 2002:ac10:1::8 "
     "64:ff9b::10.0.0.1 64:ff9b::c0a8:1 64:ff9b::172.31.0.1 64:ff9b:1::10.0.0.1 "
     "64:ff9b:1:ffff::192.168.0.1 2001:0:808:808:0:0:f5ff:fffe 2001:0:a00:1:0:0:f7f7:f7f7 "
     "2001:0:4136:e378:8000:63bf:3f57:fefe 2a00:1450::5efe:10.0.0.1 2001:db9::5efe:192.168.0.1 "
     "2a00:1450::200:5efe:172.16.0.1 2a00:1450:1:2:300:5efe:10.0.0.1"},
    {"carrier-grade NAT",
     "100.64.0.0 100.64.0.1 100.100.100.100 100.100.100.199 100.127.255.255 ::ffff:100.64.0.1 "
     "64:ff9b::100.64.0.1 2002:6440:1::1"},
    {"loopback",
     "127.0.0.0 127.0.0.1 127.0.0.2 127.1.1.1 127.255.255.255 ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 "
     "::127.0.0.1 ::ffff:0:127.0.0.1 2002:7f00:1:: 2002:7f00:1::7f00:1 64:ff9b::127.0.0.1 "
     "64:ff9b::7f00:1 64:ff9b:1::127.0.0.1 2001:0:808:808::80ff:fffe 2001:0:7f00:1::f7f7:f7f7 "
     "2a00:1450::5efe:127.0.0.1 2a00:1450::200:5efe:127.0.0.1"},
    {"link-local",
     "169.254.0.0 169.254.0.1 169.254.1.1 169.254.169.253 169.254.169.255 169.254.170.1 "
     "169.254.255.255 ::ffff:169.254.1.1 64:ff9b::169.254.1.1 2002:a9fe:101::1 fe80:: fe80::1 "
     "fe80::1%1 fe80::5efe:8.8.8.8 fe8f::1 fe90::1 febf:ffff::1"},
    {"metadata",
     "169.254.169.254 169.254.170.2 169.254.170.23 100.100.100.200 168.63.129.16 192.0.0.192 "
     "::ffff:169.254.169.254 ::ffff:a9fe:a9fe ::169.254.169.254 2002:a9fe:a9fe:: "
     "2002:a9fe:a9fe::1 64:ff9b::169.254.169.254 64:ff9b::a9fe:a9fe 64:ff9b:1::169.254.169.254 "
     "64:ff9b::168.63.129.16 2001:0:808:808::5601:5601 2a00:1450::5efe:169.254.169.254 "
     "::ffff:100.100.100.200 fd00:ec2::254 fd00:ec2::23 fd20:ce::254"},
    {"multicast",
     "224.0.0.0 224.0.0.1 224.0.0.251 232.1.2.3 239.255.255.250 239.255.255.255 ::ffff:224.0.0.1 "
     "64:ff9b::224.0.0.1 ff00:: ff01::1 ff02::1 ff02::fb ff05::1:3 ff0e::1 "
     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"broadcast", "255.255.255.255 ::ffff:255.255.255.255"},
    {"documentation",
     "192.0.2.0 192.0.2.1 192.0.2.255 198.51.100.0 198.51.100.7 198.51.100.255 203.0.113.0 "
     "203.0.113.9 203.0.113.255 ::ffff:192.0.2.1 2001:db8:: 2001:db8::1 2001:db8:ffff:ffff::1 "
     "3fff:: 3fff::1 3fff:fff:ffff::1"},
    {"benchmarking",
     "198.18.0.0 198.18.0.1 198.19.0.1 198.19.255.255 ::ffff:198.18.0.1 2001:2:: 2001:2::1 "
     "2001:2:0:ffff::1"},
    {"unique-local",
     "fc00:: fc00::1 fcff:ffff::1 fd00::1 fd00:ec2::253 fd12:3456:789a:1::1 "
     "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"site-local", "fec0:: fec0::1 fec0:0:0:ffff::1 feff:ffff::1"},
    {"discard-only", "100:: 100::1 100::ffff:ffff:ffff:ffff"},
    {"ORCHID", "2001:10::1 2001:1f:ffff::1 2001:20::1 2001:2f:ffff::1"},
    {"segment routing", "5f00:: 5f00::1 5f00:ffff::1"},
    {"local NAT64", "64:ff9b:1::8.8.8.8 64:ff9b:1:ffff:ffff:ffff:808:808"},
    {"6to4", "2002:808:808::1 2002:101:101:: 2002:5db8:d822::1"},
    {"Teredo", "2001:0:808:808::f7f7:f7f7 2001:0:4136:e378:8000:63bf:a0fe:fefe"},
};

constexpr std::string_view passing =
    "1.0.0.1 1.1.1.1 8.8.4.4 8.8.8.8 9.9.9.9 9.255.255.255 11.0.0.0 5.9.1.1 23.45.67.89 "
    "34.117.59.81 44.1.2.3 52.216.0.1 93.184.216.34 99.84.1.1 100.63.255.255 100.128.0.0 "
    "104.16.132.229 126.255.255.255 128.0.0.0 128.30.52.100 130.225.98.22 140.82.112.3 "
    "151.101.1.69 168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 "
    "172.32.0.0 172.67.1.1 185.199.108.153 191.255.255.255 192.0.1.0 192.0.3.0 192.1.0.0 "
    "192.31.196.1 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 "
    "198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 204.79.197.200 "
    "208.67.222.222 216.58.206.78 223.255.255.255 ::ffff:8.8.8.8 ::ffff:1.1.1.1 "
    "::ffff:93.184.216.34 64:ff9b::8.8.8.8 64:ff9b::1.1.1.1 64:ff9b::5db8:d822 2000::1 "
    "2001:200::1 2001:470:1:18::2 2001:4860:4860::8888 2001:67c:4e8:f004::9 2001:db7::1 "
    "2001:db9::1 2003::1 2003:c0::1 2400:cb00:2048:1::6814:55 2404:6800:4003::1 2600:1f18::1 "
    "2606:4700:4700::1111 2606:4700::6810:84e5 2607:f8b0:4004::200e 2620:fe::fe 2620:4f:8000::1 "
    "2800:3f0::1 2a00:1450:4001::200e 2a02:2e0::1 2a04:4e42::81 2c0f:fb50::1 3ffe::1 "
    "3fff:1000::1 2a00:1450::5efe:8.8.8.8 2a00:1450::5eff:10.0.0.1 2a00:1450::1:5efe:10.0.0.1 "
    "2a00:1450::10.0.0.1";

// Every way to write an IPv4 address into an IPv6 one.
std::vector<std::string> embeddings(address_v4 inner) {
  auto const bits = inner.to_uint();
  auto const words = fmt::format("{:x}:{:x}", bits >> 16, bits & 0xffff);
  auto const inverted = fmt::format("{:x}:{:x}", ~bits >> 16, ~bits & 0xffff);
  return {
      "::" + words,
      "::ffff:" + words,
      "::ffff:0:" + words,
      "64:ff9b::" + words,
      "64:ff9b:1::" + words,
      "2002:" + words + "::1",
      "2001:0:" + words + "::f7f7:f7f7",
      "2001:0:808:808::" + inverted,
      "2a00:1450::5efe:" + words,
      "2a00:1450::200:5efe:" + words,
      "fe80::5efe:" + words,
  };
}

}  // namespace

TEST_CASE("an address that is not public is refused with its reason") {
  for (auto const& [why, addresses] : refused) {
    for (auto const text : split(addresses, ' ')) {
      CAPTURE(text);
      auto const reason = refused_address(make_address(text));
      REQUIRE(reason.has_value());
      CHECK(*reason == why);
    }
  }
}

TEST_CASE("a public address is not refused") {
  for (auto const text : split(passing, ' ')) {
    CAPTURE(text);
    CHECK(refused_address(make_address(text)) == std::nullopt);
  }
}

TEST_CASE("what IPv4 may not reach cannot be reached through IPv6 either") {
  int tried = 0;
  for (auto const& [why, addresses] : refused) {
    for (auto const text : split(addresses, ' ')) {
      auto const address = make_address(text);
      if (!address.is_v4()) continue;
      for (auto const& wrapped : embeddings(address.to_v4())) {
        CAPTURE(text, wrapped);
        CHECK(refused_address(make_address(wrapped)).has_value());
        ++tried;
      }
    }
  }
  CHECK(tried > 500);
}

TEST_CASE("every address of a refused IPv4 block is refused and its neighbours are not") {
  struct block {
    char const* first;
    char const* last;
    bool public_before;
    bool public_after;
  };
  std::vector<block> const blocks{
      {"0.0.0.0", "0.255.255.255", false, true},
      {"10.0.0.0", "10.255.255.255", true, true},
      {"100.64.0.0", "100.127.255.255", true, true},
      {"127.0.0.0", "127.255.255.255", true, true},
      {"169.254.0.0", "169.254.255.255", true, true},
      {"172.16.0.0", "172.31.255.255", true, true},
      {"192.0.0.0", "192.0.0.255", true, true},
      {"192.0.2.0", "192.0.2.255", true, true},
      {"192.88.99.0", "192.88.99.255", true, true},
      {"192.168.0.0", "192.168.255.255", true, true},
      {"198.18.0.0", "198.19.255.255", true, true},
      {"198.51.100.0", "198.51.100.255", true, true},
      {"203.0.113.0", "203.0.113.255", true, true},
      {"224.0.0.0", "255.255.255.255", true, false},
  };
  auto const is_refused = [](std::uint32_t bits) {
    return refused_address(address_v4{bits}).has_value();
  };
  for (auto const& b : blocks) {
    CAPTURE(b.first);
    auto const first = make_address_v4(b.first).to_uint();
    auto const last = make_address_v4(b.last).to_uint();
    // A stride that is no power of two meets every residue.
    for (std::uint64_t bits = first; bits <= last; bits += 9'973) {
      if (!is_refused(static_cast<std::uint32_t>(bits))) FAIL(address_v4(std::uint32_t(bits)));
    }
    CHECK(is_refused(first));
    CHECK(is_refused(last));
    if (b.public_before) CHECK_FALSE(is_refused(first - 1));
    if (b.public_after) CHECK_FALSE(is_refused(last + 1));
  }
}
