// SPDX-License-Identifier: MIT
#include "support/polite_web.hpp"
#include "support/test_authority.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace vinny::test;

namespace {

/// Asks https://site.test/ of a server with that identity, trusting one authority.
struct outcome {
  result<response> got;
  std::size_t requests = 0;
};
outcome ask(tls_identity const& identity, std::filesystem::path const& trusted) {
  loopback_server server{[](auto& visit) { visit.send(answer(200, "over TLS")); }, identity};
  auto settings = quick_config(server, {"site.test:443", "www.site.test:443"});
  settings.http.ca_file = trusted;
  polite_web web{settings};
  auto got = web.fetch("https://site.test/");
  return {std::move(got), server.seen().size()};
}

}  // namespace

TEST_CASE("a certificate of a trusted authority for the right name is accepted") {
  test_authority const authority;
  scratch_folder const folder;
  auto const names = GENERATE(as<std::string>{}, "DNS:site.test", "DNS:other.test,DNS:SITE.test");
  auto const [got, requests] = ask(authority.issue(names), authority.write(folder));
  INFO(names);
  REQUIRE(got);
  CHECK(got->body == "over TLS");
  CHECK(requests == 1);
}

TEST_CASE("other certificates are refused before anything is asked") {
  test_authority const authority;
  test_authority const stranger;
  scratch_folder const folder;
  auto const ca = authority.write(folder);
  constexpr long day = 86'400;
  std::vector<std::pair<std::string, tls_identity>> const all{
      {"unknown authority", stranger.issue("DNS:site.test")},
      {"vouches for itself", test_authority::self_signed("DNS:site.test")},
      {"other name", authority.issue("DNS:other.test")},
      {"name of a parent", authority.issue("DNS:test")},
      {"name that ends alike", authority.issue("DNS:asite.test")},
      {"wildcard below", authority.issue("DNS:*.site.test")},
      {"wildcard over all", authority.issue("DNS:*")},
      {"address only", authority.issue("IP:127.0.0.1")},
      {"expired", authority.issue("DNS:site.test", -2 * day, -day)},
      {"not yet valid", authority.issue("DNS:site.test", day, 2 * day)},
  };
  for (auto const& [why, identity] : all) {
    auto const [got, requests] = ask(identity, ca);
    INFO(why);
    REQUIRE_FALSE(got);
    CHECK(name(got.error().code) == name(errc::tls_certificate));
    CHECK(requests == 0);
  }
  CHECK(ask(authority.issue("DNS:site.test"), ca).got.has_value());
}

TEST_CASE("without a CA file only the system's authorities count") {
  test_authority const authority;
  auto const [got, requests] = ask(authority.issue("DNS:site.test"), {});
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::tls_certificate);
  CHECK(requests == 0);
}

TEST_CASE("TLS before 1.2 is refused") {
  test_authority const authority;
  scratch_folder const folder;
  auto identity = authority.issue("DNS:site.test");
  auto const [version, accepted] =
      GENERATE(table<int, bool>({{TLS1_1_VERSION, false}, {TLS1_2_VERSION, true}}));
  identity.max_version = version;
  auto const [got, requests] = ask(identity, authority.write(folder));
  CHECK(got.has_value() == accepted);
  CHECK(requests == (accepted ? 1 : 0));
  if (!got) CHECK(got.error().code == errc::tls_failed);
}

TEST_CASE("TLS connections are kept, each for its own host") {
  test_authority const authority;
  scratch_folder const folder;
  loopback_server server{[](auto& visit) { visit.send(answer(200)); },
                         authority.issue("DNS:site.test,DNS:www.site.test")};
  auto settings = quick_config(server, {"site.test:443", "www.site.test:443"});
  settings.http.ca_file = authority.write(folder);
  polite_web web{settings};
  for (auto const* where : {"https://site.test/", "https://site.test/", "https://www.site.test/",
                            "https://www.site.test/"}) {
    REQUIRE(web.fetch(where));
  }
  CHECK(server.connections() == 2);
}

TEST_CASE("a body that TLS cuts off is short, however it is framed") {
  test_authority const authority;
  scratch_folder const folder;
  auto const head = GENERATE(as<std::string>{}, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n");
  loopback_server server{[&](auto& visit) {
                           visit.send(head + "half");
                           visit.half_close();  // without TLS's own goodbye
                           visit.wait_for_close();
                         },
                         authority.issue("DNS:site.test")};
  auto settings = quick_config(server, {"site.test:443"});
  settings.http.ca_file = authority.write(folder);
  polite_web web{settings};
  auto const got = web.fetch("https://site.test/");
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(errc::short_body));
}

TEST_CASE("a CA file that cannot be read is refused at the start") {
  scratch_folder const folder;
  CHECK_THROWS_WITH(tls_context{folder.path / "missing.pem"}, Catch::Contains("http.ca_file"));
}
