// SPDX-License-Identifier: MIT
#include "policy/image_host.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace vinny;

TEST_CASE("an image may come from a listed host or one under it") {
  struct row {
    std::string_view host;
    std::vector<std::string> allowed;
    bool expected;
  };
  std::vector<row> const rows{
      {"anything.example", {}, true},
      {"", {}, true},
      {"example.org", {"example.org"}, true},
      {"img.example.org", {"example.org"}, true},
      {"a.b.example.org", {"example.org"}, true},
      {"EXAMPLE.org", {"example.ORG"}, true},
      {"Img.Example.Org", {"example.org"}, true},
      {"example.org.", {"example.org"}, true},
      {"img.example.org.", {"example.org"}, true},
      {"example.org", {"example.org."}, true},
      {"img.example.org", {"other.example", "example.org"}, true},
      {"badexample.org", {"example.org"}, false},
      {"example.org.evil.test", {"example.org"}, false},
      {"example.com", {"example.org"}, false},
      {"org", {"example.org"}, false},
      {"example.org", {"img.example.org"}, false},
      {"ample.org", {"example.org"}, false},
      {"", {"example.org"}, false},
      {".", {"example.org"}, false},
      {"example.org", {""}, false},
      {"example.org.", {""}, false},
      {"example.org", {"."}, false},
      {"", {""}, false},
      {"example.org..", {""}, false},
      {"example.org", {"", "example.org"}, true},
      {"example.org..", {"example.org"}, false},
      {"127.0.0.1", {"example.org"}, false},
  };
  for (auto const& r : rows) {
    CAPTURE(r.host, r.allowed);
    CHECK(host_allowed(r.host, r.allowed) == r.expected);
  }
}
