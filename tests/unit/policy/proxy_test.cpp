// SPDX-License-Identifier: MIT
#include "policy/proxy.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("NO_PROXY names what is asked directly, as curl reads it") {
  struct row {
    char const* entry;
    char const* host;
    bool direct;
  };
  auto const [entry, host, direct] = GENERATE(values<row>({
      {"*", "example.org", true},
      {"example.org", "example.org", true},
      {"example.org", "EXAMPLE.org", true},
      {"example.org", "img.example.org", true},
      {"example.org", "notexample.org", false},
      {"example.org", "example.org.evil.net", false},
      {"img.example.org", "example.org", false},
      {"192.0.2.5", "192.0.2.5", true},
      {"192.0.2.5", "192.0.2.50", false},
      {"192.0.2.0/24", "192.0.2.50", true},
      {"192.0.2.0/24", "192.0.3.50", false},
      {"192.0.2.128/25", "192.0.2.127", false},
      {"0.0.0.0/0", "192.0.2.50", true},
      {"0.0.0.0/0", "example.org", false},
      {"::1", "::1", true},
      {"2001:db8::/32", "2001:db8:1::7", true},
      {"2001:db8::/32", "2001:db9::7", false},
      {"2001:db8::/32", "192.0.2.50", false},
  }));
  CAPTURE(entry, host);
  CHECK(goes_direct(host, {"nothing.example", entry}) == direct);
  CHECK_FALSE(goes_direct(host, {}));
}

TEST_CASE("names of a network's own are for no proxy") {
  std::vector<std::string> const own{"localhost", "internal", "local"};
  for (char const* const host :
       {"localhost", "a.localhost", "intranet", "metadata.google.internal", "printer.local"}) {
    CAPTURE(host);
    CHECK(is_private_name(host, own));
  }
  for (char const* const host : {"example.org", "local.example.org", "192.0.2.5", "2001:db8::1"}) {
    CAPTURE(host);
    CHECK_FALSE(is_private_name(host, own));
  }
  CHECK_FALSE(is_private_name("a.internal", {}));
}
