// SPDX-License-Identifier: MIT
#include "http/cookies.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

std::string after(std::vector<std::string> const& lines, std::string_view from,
                  std::string_view target) {
  chain_cookies cookies;
  header_list headers;
  for (auto const& line : lines) headers.emplace_back("set-cookie", line);
  cookies.take(headers, url::parse(from).value());
  return cookies.for_address(url::parse(target).value());
}

}  // namespace

TEST_CASE("a cookie goes back where it may") {
  struct row {
    char const* line;
    char const* target;
    char const* sent;
  };
  // All are set by https://www.a.example/x/y.
  auto const [line, target, sent] = GENERATE(values<row>({
      {"n=v", "https://www.a.example/x/z", "n=v"},
      {"n=v", "https://www.a.example/", ""},
      {"n=v", "https://www.a.example/xy", ""},
      {"n=v; Path=/", "https://www.a.example/", "n=v"},
      {"n=v; path=/x; HttpOnly; SameSite=Lax", "https://www.a.example/x", "n=v"},
      {"n=v; Path=/", "https://a.example/", ""},
      {"n=v; Path=/", "https://www.a.example.evil.net/", ""},
      {"n=v; Path=/; Domain=a.example", "https://img.a.example/", "n=v"},
      {"n=v; Path=/; Domain=.a.example", "https://a.example/", "n=v"},
      {"n=v; Path=/; Domain=b.example", "https://b.example/", ""},
      {"n=v; Path=/; Domain=example", "https://b.example/", ""},
      {"n=v; Path=/; Secure", "http://www.a.example/", ""},
      {"n=v; Path=/; Secure", "https://www.a.example/", "n=v"},
      {"n=v; Path=/", "http://www.a.example/", "n=v"},
      {"n=v; Path=/; Max-Age=0", "https://www.a.example/", ""},
      {"n=v; Path=/; Max-Age=60", "https://www.a.example/", "n=v"},
      {"n=v; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://www.a.example/", ""},
      {"n=; Path=/", "https://www.a.example/", "n="},
      {"n=a=b; Path=/", "https://www.a.example/", "n=a=b"},
      {"novalue; Path=/", "https://www.a.example/", ""},
      {"=v; Path=/", "https://www.a.example/", ""},
      {"a b=v; Path=/", "https://www.a.example/", ""},
  }));
  CAPTURE(line, target);
  CHECK(after({line}, "https://www.a.example/x/y", target) == sent);
}

TEST_CASE("a new value replaces, an expired one removes, and there is an end") {
  auto const at = "https://a.example/";
  CHECK(after({"n=1", "n=2"}, at, at) == "n=2");
  CHECK(after({"n=1", "m=2"}, at, at) == "n=1; m=2");
  CHECK(after({"n=1", "n=; Max-Age=-1"}, at, at).empty());
  CHECK(after({"n=" + std::string(chain_cookies::longest, 'x')}, at, at).empty());
  std::vector<std::string> many;
  for (int i = 0; i < 100; ++i) many.push_back("n" + std::to_string(i) + "=v");
  auto const sent = after(many, at, at);
  CHECK(std::ranges::count(sent, '=') == static_cast<int>(chain_cookies::most));
}
