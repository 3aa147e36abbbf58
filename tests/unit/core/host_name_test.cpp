// SPDX-License-Identifier: MIT
#include "core/host_name.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("a host is known by one name however it is written") {
  struct row {
    char const* written;
    char const* host;
  };
  auto const [written, host] = GENERATE(values<row>({
      {"Example.ORG", "example.org"},
      {"example.org.", "example.org"},
      {"under_score.example", "under_score.example"},
      {"-dash.example", "-dash.example"},
      {"%65xample.org", "example.org"},
      // Names of other scripts (UTS 46, nontransitional, as browsers and curl read them).
      {"müller.example", "xn--mller-kva.example"},
      {"MÜLLER.Example", "xn--mller-kva.example"},
      {"m\xc3\xbcller.example", "xn--mller-kva.example"},
      {"mu\xcc\x88ller.example", "xn--mller-kva.example"},  // u and a combining diaeresis
      {"m%C3%BCller.example", "xn--mller-kva.example"},
      {"b\xc3\xbc"
       "cher.example",
       "xn--bcher-kva.example"},
      {"faß.example", "xn--fa-hia.example"},
      {"例え.テスト", "xn--r8jz45g.xn--zckzah"},
      {"例え。テスト", "xn--r8jz45g.xn--zckzah"},  // an ideographic full stop
      {"ｅｘａｍｐｌｅ.org", "example.org"},       // full width letters
      {"xn--mller-kva.example", "xn--mller-kva.example"},
      {"XN--MLLER-KVA.example", "xn--mller-kva.example"},
      // Names that begin like an address are names (RFC 3986, 3.2.2).
      {"192.0.2.5.example", "192.0.2.5.example"},
      {"192.0.2.5.nip.example", "192.0.2.5.nip.example"},
      {"78-46-121-67.example", "78-46-121-67.example"},
      {"1.2.3.4.5a", "1.2.3.4.5a"},
      {"0x7f.example", "0x7f.example"},
      // Addresses as the system's resolver reads them.
      {"192.0.2.5", "192.0.2.5"},
      {"192.0.2.5.", "192.0.2.5"},
      {"0x7f.1", "127.0.0.1"},
      {"0X7F.1", "127.0.0.1"},
      {"127.1", "127.0.0.1"},
      {"2130706433", "127.0.0.1"},
      {"017700000001", "127.0.0.1"},
      {"192.0x00A80001", "192.168.0.1"},
      {"0", "0.0.0.0"},
      {"[::1]", "::1"},
      {"[2001:DB8:0:0::1]", "2001:db8::1"},
      {"[::ffff:192.0.2.5]", "::ffff:192.0.2.5"},
  }));
  CAPTURE(written);
  auto const out = parse_host(written);
  REQUIRE(out);
  CHECK(*out == host);
}

TEST_CASE("what is no host is refused") {
  auto const* const written =
      GENERATE("", ".", "..", "a..example", ".example", "a b", "a/b", "a%2Fb", "a%00b", "a@b",
               "a:b", "[::1", "[::g]", "[1.2.3.4]", "[::1%25eth0]", "256.1.1.1", "1.2.3.4.5",
               "1.2.3.08", "4294967296", "0xg.1.0x", "a.0x1g.1.2.3.4.5", "\xff\xfe",
               "a\xe2\x80\xae"
               "b",
               "xn--a\xc3\xbc--b", "☃.example");
  CAPTURE(written);
  auto const out = parse_host(written);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::bad_url);
}

TEST_CASE("www is one domain with the name behind it") {
  CHECK(bare_host("www.example.org") == "example.org");
  CHECK(bare_host("example.org") == "example.org");
  CHECK(lane_name("WWW.Müller.example") == "xn--mller-kva.example");
  CHECK(lane_name("not a host") == "not a host");
}
