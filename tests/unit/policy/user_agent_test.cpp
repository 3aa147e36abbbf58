// SPDX-License-Identifier: MIT
#include "policy/user_agent.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace vinny;

TEST_CASE("the user agent names the product, its version and the contact") {
  std::vector<std::pair<std::string_view, std::string_view>> const rows{
      {"ops@example.org", " (ops@example.org)"},
      {"  ops@example.org ", " (ops@example.org)"},
      {"https://example.org/bot", " (+https://example.org/bot)"},
      {"HTTP://example.org/bot", " (+HTTP://example.org/bot)"},
      {"https://example.org/bot; ops@example.org", " (+https://example.org/bot; ops@example.org)"},
      {"ops@example.org;https://example.org/bot", " (ops@example.org; +https://example.org/bot)"},
      {";ops@example.org; ;", " (ops@example.org)"},
      {"", ""},
      {" ; ", ""},
      {"\r\n", ""},
      {"ops@example.org\r\nX-Evil: 1", " (ops@example.orgX-Evil: 1)"},
      {std::string_view{"ops\0@example\x7f.org\x1b", 18}, " (ops@example.org)"},
      {"Ops (night) ops@example.org", " (Ops night ops@example.org)"},
      {"ops@example.org)\\", " (ops@example.org)"},
      {"https://example.org/bot_(vinny)", " (+https://example.org/bot_%28vinny%29)"},
      {"https-is-no-url", " (https-is-no-url)"},
  };
  for (auto const& [contact, comment] : rows) {
    CAPTURE(contact);
    CHECK(user_agent(contact) == std::string{"vinny/" VINNY_VERSION}.append(comment));
  }
}

TEST_CASE("the product token is one that robots.txt can name") {
  CHECK(robots_product == "vinny");
  CHECK(user_agent("").starts_with(std::string{robots_product} + "/"));
}
