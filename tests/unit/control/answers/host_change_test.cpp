// SPDX-License-Identifier: MIT
#include "control/answers/host_change.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("a change of a host is read and written alike") {
  for (auto const* const body :
       {R"({"release":true})", R"({"delay_ms":500,"concurrency":2})", R"({"delay_ms":null})",
        R"({"release":true,"delay_ms":0,"concurrency":null})", "{}"}) {
    auto const change = parse_host_change(body);
    REQUIRE(change);
    CHECK(to_json(*change) == body);
  }
  auto const change = parse_host_change(R"({"delay_ms":500,"concurrency":null})").value();
  CHECK(change.delay.value == 500ms);
  CHECK(change.concurrency.made);
  CHECK_FALSE(change.concurrency.value);
}

TEST_CASE("what is no change of a host is refused with the member's name") {
  for (auto const& [body, named] :
       {std::pair{"", "JSON"}, std::pair{"[]", "object"},
        std::pair{R"({"delay_ms":-1})", "delay_ms"}, std::pair{R"({"delay_ms":1.5})", "delay_ms"},
        std::pair{R"({"delay_ms":3600001})", "delay_ms"},
        std::pair{R"({"concurrency":0})", "concurrency"},
        std::pair{R"({"concurrency":99999999999999})", "concurrency"},
        std::pair{R"({"release":1})", "release"}, std::pair{R"({"rate":1})", "rate"}}) {
    auto const change = parse_host_change(body);
    REQUIRE_FALSE(change);
    CHECK(change.error().message.find(named) != std::string::npos);
  }
}

TEST_CASE("hosts are named as lanes know them") {
  CHECK(parse_host_name("WWW.Example.org").value() == "example.org");
  CHECK(parse_host_name("127.0.0.1").value() == "127.0.0.1");
  for (auto const* const text : {"", "a b", "example.org:80", "http://example.org", "a/b", "..",
                                 "example.org?x", "user@example.org"}) {
    CHECK_FALSE(parse_host_name(text));
  }
}
