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
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
                             "HTTP/1.1 200 OK\r\n\r\n");
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

TEST_CASE("a body that ends with the connection is whole after TLS's own goodbye") {
  test_authority const authority;
  scratch_folder const folder;
  loopback_server server{[](auto& visit) {
                           visit.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                           visit.close();
                         },
                         authority.issue("DNS:site.test")};
  auto settings = quick_config(server, {"site.test:443"});
  settings.http.ca_file = authority.write(folder);
  polite_web web{settings};
  auto const got = web.fetch("https://site.test/");
  REQUIRE(got);
  CHECK(got->body == "all of it");
}

TEST_CASE("what comes behind an answer is never the next request's") {
  test_authority const authority;
  scratch_folder const folder;
  bool const in_one_record = GENERATE(true, false);
  loopback_server server{[&](auto& visit) {
                           auto const own = answer(200, visit.request.target);
                           auto const evil = answer(200, "never asked for");
                           bool const first = visit.request.target == "/1";
                           visit.send(first && in_one_record ? own + evil : own);
                           if (first && !in_one_record) visit.send(evil);
                         },
                         authority.issue("DNS:site.test")};
  auto settings = quick_config(server, {"site.test:443"});
  settings.http.ca_file = authority.write(folder);
  polite_web web{settings};
  for (auto const* path : {"/1", "/2", "/3"}) {
    auto const got = web.fetch(std::string{"https://site.test"} + path);
    REQUIRE(got);
    CHECK(got->body == path);
  }
  CHECK(server.connections() == 2);
}

TEST_CASE("the refusal of a certificate says what is wrong with it") {
  test_authority const authority;
  scratch_folder const folder;
  auto const ca = authority.write(folder);
  constexpr long day = 86'400;
  auto const told = [&](tls_identity const& identity) {
    return ask(identity, ca).got.error().message;
  };
  CHECK(told(authority.issue("DNS:a.test,DNS:b.test"))
            .ends_with("it is for a.test, b.test, not for site.test"));
  CHECK(told(authority.issue("DNS:site.test", -2 * day, -day)).contains("it expired on 20"));
  CHECK(told(authority.issue("DNS:site.test", day, 2 * day))
            .contains("is this machine's clock right?"));
  CHECK(told(test_authority::self_signed("DNS:site.test")).contains("self"));
}

TEST_CASE("a host that gives sessions is not greeted in full each time") {
  test_authority const authority;
  scratch_folder const folder;
  auto identity = authority.issue("DNS:site.test");
  identity.max_version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  loopback_server server{
      [](auto& visit) { visit.send(answer(200, {}, {{"Connection", "close"}})); }, identity};
  auto settings = quick_config(server, {"site.test:443"});
  settings.http.ca_file = authority.write(folder);
  polite_web web{settings};
  for (int i = 0; i < 3; ++i) REQUIRE(web.fetch("https://site.test/"));
  CHECK(server.connections() == 3);
  CHECK(server.resumed() == 2);
}

TEST_CASE("a CA file that cannot be read is refused at the start") {
  scratch_folder const folder;
  CHECK_THROWS_WITH(tls_context{folder.path / "missing.pem"}, Catch::Contains("http.ca_file"));
}
