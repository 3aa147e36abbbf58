// SPDX-License-Identifier: MIT
#include "support/polite_web.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

/// Ways to say "this machine": the listener is really there. PORT is its port.
std::vector<std::string_view> const here{
    "127.0.0.1:PORT",
    "127.0.0.1.:PORT",
    "127.0.0.2:PORT",
    "127.1.2.3:PORT",
    "127.255.255.254:PORT",
    "127.1:PORT",
    "127.0.1:PORT",
    "127.2:PORT",
    "127.66051:PORT",
    "127.0.2:PORT",
    "2130706433:PORT",
    "2130706434:PORT",
    "2130772483:PORT",
    "0x7f000001:PORT",
    "0X7F000001:PORT",
    "0x7f.0.0.1:PORT",
    "0x7F.0x0.0x0.0x1:PORT",
    "0x7f.1:PORT",
    "0x7f.0.1:PORT",
    "0x7f.0x1:PORT",
    "127.0x1:PORT",
    "127.0.0x1:PORT",
    "127.0.0.0x1:PORT",
    "0x0000007f.0.0.1:PORT",
    "017700000001:PORT",
    "0177.0.0.1:PORT",
    "0177.1:PORT",
    "0177.0.1:PORT",
    "0177.0.0.01:PORT",
    "00177.0.0.1:PORT",
    "000000177.0.0.1:PORT",
    "0177.0x0.0.1:PORT",
    "127.0.0.01:PORT",
    "127.00.00.01:PORT",
    "0x7f.0.0.01:PORT",
    "0:PORT",
    "0.0:PORT",
    "0.0.0:PORT",
    "0.0.0.0:PORT",
    "0x0:PORT",
    "00:PORT",
    "0x00000000:PORT",
    "00.00.00.00:PORT",
    "0x0.0x0.0x0.0x0:PORT",
    "localhost:PORT",
    "LOCALHOST:PORT",
    "LocalHost:PORT",
    "localhost.:PORT",
    "LOCALHOST.:PORT",
    "[::1]:PORT",
    "[0:0:0:0:0:0:0:1]:PORT",
    "[0000:0000:0000:0000:0000:0000:0000:0001]:PORT",
    "[::0001]:PORT",
    "[0::1]:PORT",
    "[::0:1]:PORT",
    "[::0.0.0.1]:PORT",
    "[::]:PORT",
    "[0:0:0:0:0:0:0:0]:PORT",
    "[0::0]:PORT",
    "[::0]:PORT",
    "[::ffff:127.0.0.1]:PORT",
    "[::FFFF:127.0.0.1]:PORT",
    "[::ffff:7f00:1]:PORT",
    "[::FFFF:7F00:0001]:PORT",
    "[0:0:0:0:0:ffff:127.0.0.1]:PORT",
    "[0:0:0:0:0:ffff:7f00:1]:PORT",
    "[::ffff:127.1.2.3]:PORT",
    "[::ffff:0.0.0.0]:PORT",
    "[::ffff:0:0]:PORT",
    "user@127.0.0.1:PORT",
    "user:pass@127.0.0.1:PORT",
    "example.org@127.0.0.1:PORT",
    "example.org:80@127.0.0.1:PORT",
    "example.org%40@127.0.0.1:PORT",
    "user%3Apass@localhost:PORT",
    "@127.0.0.1:PORT",
    ":@127.0.0.1:PORT",
    "user@[::1]:PORT",
    "example.org%2F@127.1:PORT",
    "%31%32%37.0.0.1:PORT",
    "127%2E0%2E0%2E1:PORT",
    "%31%32%37%2e%30%2e%30%2e%31:PORT",
    "127.0.0.%31:PORT",
    "loc%61lhost:PORT",
    "%6c%6f%63%61%6c%68%6f%73%74:PORT",
    "LOCALHOS%54:PORT",
    "%30x7f.1:PORT",
    "2130706%3433:PORT",
    "127.0.0.1%2E:PORT",
    "127.0.0.1:0PORT",
    "127.0.0.1:PORT?@example.org",
    "127.0.0.1:PORT#@example.org",
    "127.0.0.1:PORT\\@example.org",
    "127.0.0.1:PORT/@example.org",
    "127.0.0.1:PORT;x=y",
    "12\t7.0.0.1:PORT",
    "127.0.\n0.1:PORT",
    "local\r\nhost:PORT",
    "127.0.0.1%00:PORT",
    "127.0.0.1%00.example.org:PORT",
    "localhost%00.example.org:PORT",
    "127.0.0.1%0a:PORT",
    "127.0.0.1%20:PORT",
    "127.0.0.1%09:PORT",
};

/// Other places that nobody outside may send us to, and hosts that are none.
std::vector<std::string_view> const elsewhere{
    // Private, shared, link-local, metadata, documentation, multicast, reserved.
    "10.0.0.1:PORT",
    "10.1:PORT",
    "167772161:PORT",
    "0xa000001:PORT",
    "012.0.0.1:PORT",
    "172.16.0.1:PORT",
    "172.31.255.255:PORT",
    "0xac100001:PORT",
    "192.168.0.1:PORT",
    "192.168.1:PORT",
    "3232235521:PORT",
    "0300.0250.0.1:PORT",
    "100.64.0.1:PORT",
    "100.127.255.255:PORT",
    "169.254.1.1:PORT",
    "169.254.169.254:PORT",
    "2852039166:PORT",
    "0xa9fea9fe:PORT",
    "0xA9.0xFE.0xA9.0xFE:PORT",
    "0251.0376.0251.0376:PORT",
    "169.254.43518:PORT",
    "169.16689662:PORT",
    "100.100.100.200:PORT",
    "168.63.129.16:PORT",
    "192.0.0.192:PORT",
    "192.0.2.1:PORT",
    "198.18.0.1:PORT",
    "198.51.100.1:PORT",
    "203.0.113.1:PORT",
    "224.0.0.1:PORT",
    "239.255.255.250:PORT",
    "240.0.0.1:PORT",
    "255.255.255.255:PORT",
    "4294967295:PORT",
    "0xffffffff:PORT",
    "037777777777:PORT",
    "0.0.0.1:PORT",
    "0.1.2.3:PORT",
    "192.88.99.1:PORT",
    "user@169.254.169.254:PORT",
    "169%2E254%2E169%2E254:PORT",
    "169.254.169.254.:PORT",
    // IPv6 of its own.
    "[fe80::1]:PORT",
    "[fe80::1%25lo]:PORT",
    "[fe80::1%25eth0]:PORT",
    "[fec0::1]:PORT",
    "[fc00::1]:PORT",
    "[fd00::1]:PORT",
    "[fd00:ec2::254]:PORT",
    "[FD00:EC2::254]:PORT",
    "[fd20:ce::254]:PORT",
    "[ff02::1]:PORT",
    "[ff0e::1]:PORT",
    "[2001:db8::1]:PORT",
    "[3fff::1]:PORT",
    "[100::1]:PORT",
    "[5f00::1]:PORT",
    "[4000::1]:PORT",
    "[2001:2::1]:PORT",
    "[2001:20::1]:PORT",
    "[::1%25lo]:PORT",
    "[::1%251]:PORT",
    // IPv4 in IPv6: mapped, compatible, translated, NAT64, local NAT64, 6to4, Teredo, ISATAP.
    "[::ffff:10.0.0.1]:PORT",
    "[::ffff:169.254.169.254]:PORT",
    "[::ffff:a9fe:a9fe]:PORT",
    "[::127.0.0.1]:PORT",
    "[::7f00:1]:PORT",
    "[::10.0.0.1]:PORT",
    "[::ffff:0:127.0.0.1]:PORT",
    "[::ffff:0:7f00:1]:PORT",
    "[64:ff9b::127.0.0.1]:PORT",
    "[64:ff9b::7f00:1]:PORT",
    "[64:FF9B::a9fe:a9fe]:PORT",
    "[64:ff9b:1::127.0.0.1]:PORT",
    "[64:ff9b:1::10.0.0.1]:PORT",
    "[64:ff9b:1:ffff::7f00:1]:PORT",
    "[2002:7f00:1::]:PORT",
    "[2002:7f00:0001::1]:PORT",
    "[2002:a9fe:a9fe::]:PORT",
    "[2002:a00:1::1]:PORT",
    "[2001:0:7f00:1::]:PORT",
    "[2001::80ff:fffe]:PORT",
    "[2001:0:0:0:0:0:80ff:fffe]:PORT",
    "[2001::f5ff:fffe]:PORT",
    "[2001:470::5efe:127.0.0.1]:PORT",
    "[2001:470::5efe:7f00:1]:PORT",
    "[2001:470::200:5efe:10.0.0.1]:PORT",
    "[fe80::5efe:127.0.0.1]:PORT",
    // Unicode that some parsers read as digits, dots or letters.
    "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1:PORT",
    "\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1:PORT",
    "127\xe3\x80\x82"
    "0.0.1:PORT",
    "127\xef\xbc\x8e"
    "0.0.1:PORT",
    "\xd9\xa1\xd9\xa2\xd9\xa7.0.0.1:PORT",
    "\xef\xbd\x8c\xef\xbd\x8f"
    "calhost:PORT",
    "\xe2\x93\x9b"
    "ocalhost:PORT",
    "l\xce\xbf"
    "calhost:PORT",
    "127.0.0.1\xe2\x80\x8b:PORT",
    "\xc2\xad"
    "127.0.0.1:PORT",
    "%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1:PORT",
    "127%E3%80%82"
    "0%E3%80%82"
    "0%E3%80%82"
    "1:PORT",
    // No hosts.
    "127.0.0.1:PORT:80",
    "127.0.0.1:80:PORT",
    "127.0.0.1:+PORT",
    "127.0.0.1:-PORT",
    "127.0.0.1: PORT",
    "127.0.0.1:0xPORT",
    "[127.0.0.1]:PORT",
    "[::1:PORT",
    "::1:PORT",
    "[::1]]:PORT",
    "[[::1]]:PORT",
    "[::1].:PORT",
    "[::1]x:PORT",
    "[v1.127.0.0.1]:PORT",
    "256.0.0.1:PORT",
    "127.0.0.256:PORT",
    "127.0.0.1.1:PORT",
    "127..1:PORT",
    ".127.0.0.1:PORT",
    "127.0.0.1..:PORT",
    "08.0.0.1:PORT",
    "0x:PORT",
    "0x7g.1:PORT",
    "4294967296:PORT",
    "0x1007f000001:PORT",
    "127.0.0.1%25:PORT",
    "127.0.0.1%2F:PORT",
    "127.0.0.1%5C:PORT",
    "%5B::1%5D:PORT",
    "127.0.0.1%23:PORT",
    "127.0.0.1%3APORT",
    "localhost%3APORT",
    ":PORT",
    "@:PORT",
    "%:PORT",
};

std::string with_port(std::string_view spelling, std::uint16_t port) {
  std::string out{spelling};
  for (auto at = out.find("PORT"); at != std::string::npos; at = out.find("PORT")) {
    out.replace(at, 4, std::to_string(port));
  }
  return out;
}

bool is_refusal(errc code) {
  return std::set{errc::blocked_address, errc::bad_url,      errc::blocked_scheme,
                  errc::redirect_broken, errc::blocked_port, errc::dns_not_found,
                  errc::dns_failure}
      .contains(code);
}

config guarded(loopback_server const& listener) {
  auto out = quick_config();
  out.http.ports = {80, 443, listener.port()};  // the port is not what protects
  out.http.connect_timeout = 1s;
  return out;
}

/// Everything that "this machine" may mean, on one port.
loopback_server listener_here() {
  return loopback_server{[](auto& visit) { visit.send(answer(200, "reached")); },
                         std::nullopt,
                         {"127.0.0.1", "::1", "127.0.0.2", "127.1.2.3", "127.255.255.254"}};
}

std::vector<std::string_view> everywhere() {
  auto out = here;
  out.insert(out.end(), elsewhere.begin(), elsewhere.end());
  return out;
}

}  // namespace

TEST_CASE("the spellings are many, and each is there once") {
  auto const all = everywhere();
  CHECK(all.size() >= 200);
  CHECK(std::set(all.begin(), all.end()).size() == all.size());
}

TEST_CASE("without the guard the spellings of this machine do reach it") {
  auto const listener = listener_here();
  auto settings = guarded(listener);
  settings.http.allow_private_addresses = true;
  polite_web web{settings};
  std::size_t reached = 0;
  for (auto const spelling : here) {
    auto const target = url::parse("http://" + with_port(spelling, listener.port()) + '/');
    if (target && web.send({.target = *target})) ++reached;
  }
  CHECK(reached >= 70);
  CHECK(listener.seen().size() == reached);
}

TEST_CASE("no spelling of a refused address is connected to") {
  auto const listener = listener_here();
  polite_web web{guarded(listener)};
  for (auto const spelling : everywhere()) {
    auto const text = "http://" + with_port(spelling, listener.port()) + '/';
    INFO(text);
    auto const target = url::parse(text);
    auto const got = target ? web.send({.target = *target}) : std::unexpected(target.error());
    REQUIRE_FALSE(got);
    INFO(name(got.error().code) << ": " << got.error().message);
    CHECK(is_refusal(got.error().code));
    CHECK(listener.connections() == 0);
  }
}

TEST_CASE("no redirect leads to a refused address") {
  auto const listener = listener_here();
  std::string location;
  loopback_server outside{
      [&](auto& visit) { visit.send(answer(302, {}, {{"Location", location}})); }};
  auto settings = guarded(listener);
  settings.http.connect_to["site.test:80"] = outside.address();
  polite_web web{settings};
  for (auto const spelling : everywhere()) {
    if (spelling.find_first_of("\r\n") != std::string_view::npos) continue;  // would end the header
    for (auto const* start : {"http://", "//", "HTTP://", "http:\\\\"}) {
      location = start + with_port(spelling, listener.port()) + '/';
      INFO(location);
      auto const before = outside.seen().size();
      auto const got = web.fetch("http://site.test/");
      REQUIRE(outside.seen().size() == before + 1);
      REQUIRE_FALSE(got);
      INFO(name(got.error().code) << ": " << got.error().message);
      CHECK(is_refusal(got.error().code));
      CHECK(listener.connections() == 0);
    }
  }
}

TEST_CASE("robots.txt is no way in either") {
  auto const listener = listener_here();
  auto const inside = with_port("http://127.0.0.1:PORT/", listener.port());
  loopback_server outside{
      [&](auto& visit) { visit.send(answer(302, {}, {{"Location", inside + "robots.txt"}})); }};
  auto settings = guarded(listener);
  settings.politeness.robots = true;
  settings.http.connect_to["site.test:80"] = outside.address();
  polite_web web{settings};
  CHECK(web.fetch(inside).error().code == errc::blocked_address);
  CHECK(web.fetch("http://site.test/page").error().code == errc::blocked_address);
  CHECK(listener.connections() == 0);
  CHECK(outside.count("/page") == 0);
}

TEST_CASE("a connection that was allowed is not lent to another name") {
  // site.test is the operator's word for the listener; that says nothing about 127.0.0.1.
  auto const listener = listener_here();
  auto settings = guarded(listener);
  settings.http.connect_to["site.test:80"] = listener.address();
  polite_web web{settings};
  REQUIRE(web.fetch("http://site.test/").has_value());
  auto const direct = with_port("http://127.0.0.1:PORT/", listener.port());
  CHECK(web.fetch(direct).error().code == errc::blocked_address);
  CHECK(web.fetch("http://127.0.0.1/").error().code == errc::blocked_address);
  CHECK(listener.seen().size() == 1);
}

TEST_CASE("a host with a hidden end is not on the list that its tail is on") {
  auto const listener = listener_here();
  auto settings = guarded(listener);
  settings.http.allow_private_addresses = true;
  polite_web web{settings};
  auto const hidden = with_port("http://localhost%00.venue.test:PORT/", listener.port());
  auto const target = url::parse(hidden);
  auto const got = target ? web.send({.target = *target, .hosts = {"venue.test"}})
                          : std::unexpected(target.error());
  REQUIRE_FALSE(got);
  CHECK(listener.connections() == 0);
}

TEST_CASE("public hosts are asked on usual ports only, and with a contact only") {
  // Nothing is sent: both are refused before the connection. 192.31.196.1 is public.
  auto settings = quick_config();
  {
    polite_web web{settings};
    CHECK(web.fetch("http://192.31.196.1:8080/").error().code == errc::blocked_port);
    CHECK(web.fetch("http://192.31.196.1:22/").error().code == errc::blocked_port);
  }
  settings.contact = "";
  polite_web web{settings};
  CHECK(web.fetch("http://192.31.196.1/").error().code == errc::contact_missing);
}
