// SPDX-License-Identifier: MIT
#include "support/polite_web.hpp"
#include "support/test_authority.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

std::string url_of(loopback_server const& server) {
  return "http://" + server.address();
}

config through(loopback_server const& proxy) {
  auto out = quick_config();
  out.http.proxy_for_http.address = out.http.proxy_for_https.address = url_of(proxy);
  return out;
}

}  // namespace

TEST_CASE("of http a proxy is asked for the whole address") {
  loopback_server proxy{[](auto& visit) { visit.send(answer(200, "by proxy")); }};
  auto settings = through(proxy);
  settings.http.proxy_for_http.credentials = secret{"me:s3cret"};
  polite_web web{settings};
  auto const got = web.fetch("http://www.site.test/a%2Fb?c=d");
  REQUIRE(got);
  CHECK(got->body == "by proxy");
  REQUIRE(web.fetch("http://other.test/"));
  auto const seen = proxy.seen();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].target == "http://www.site.test/a%2Fb?c=d");
  CHECK(seen[0].header("Host") == "www.site.test");
  CHECK(seen[0].header("Proxy-Authorization") == "Basic bWU6czNjcmV0");
  CHECK(seen[1].target == "http://other.test/");
}

TEST_CASE("of https a proxy is asked for a tunnel, and sees no more") {
  test_authority const authority;
  scratch_folder const folder;
  loopback_server site{[](auto& visit) { visit.send(answer(200, "inside")); },
                       authority.issue("DNS:site.test")};
  loopback_server proxy{[&](auto& visit) {
    visit.send("HTTP/1.1 200 Connection established\r\n\r\n");
    visit.tunnel_to(site.port());
  }};
  auto settings = through(proxy);
  settings.http.ca_file = authority.write(folder);
  settings.http.proxy_for_https.credentials = secret{"me:s3cret"};
  polite_web web{settings};
  auto const got = web.fetch("https://site.test/secret");
  REQUIRE(got);
  CHECK(got->body == "inside");
  auto const asked = proxy.seen();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].method == "CONNECT");
  CHECK(asked[0].target == "site.test:443");
  CHECK(asked[0].header("Host") == "site.test:443");
  CHECK(asked[0].header("Proxy-Authorization") == "Basic bWU6czNjcmV0");
  REQUIRE(site.seen().size() == 1);
  CHECK(site.seen()[0].target == "/secret");
  CHECK(site.seen()[0].header("Proxy-Authorization").empty());
}

TEST_CASE("a tunnel leads to the certificate's owner or nowhere") {
  test_authority const authority;
  scratch_folder const folder;
  loopback_server site{[](auto& visit) { visit.send(answer(200)); },
                       authority.issue("DNS:other.test")};
  loopback_server proxy{[&](auto& visit) {
    visit.send("HTTP/1.1 200 OK\r\n\r\n");
    visit.tunnel_to(site.port());
  }};
  auto settings = through(proxy);
  settings.http.ca_file = authority.write(folder);
  polite_web web{settings};
  auto const got = web.fetch("https://site.test/");
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(errc::tls_certificate));
  CHECK(site.seen().empty());
}

TEST_CASE("what a proxy refuses has its name") {
  struct row {
    std::string reply;
    errc code;
  };
  auto const [reply, code] = GENERATE(values<row>({
      {answer(407, "who are you"), errc::proxy_credentials},
      {answer(403, "not there"), errc::proxy_failed},
      {answer(502), errc::proxy_failed},
      {"hello\r\n\r\n", errc::proxy_failed},
      {"", errc::proxy_failed},
  }));
  INFO(reply);
  loopback_server proxy{[&](auto& visit) {
    visit.send(reply);
    visit.close();
  }};
  polite_web web{through(proxy)};
  auto const got = web.fetch("https://site.test/");
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(code));
}

TEST_CASE("a 407 of http stops everything, too") {
  loopback_server proxy{[](auto& visit) { visit.send(answer(407)); }};
  polite_web web{through(proxy)};
  auto const got = web.fetch("http://site.test/");
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(errc::proxy_credentials));
}

TEST_CASE("nobody listens where the proxy should be") {
  auto settings = quick_config();
  settings.politeness.patience = 0s;
  {
    loopback_server gone{[](auto&) {}};
    settings.http.proxy_for_http.address = url_of(gone);
  }
  polite_web web{settings};
  auto const got = web.fetch("http://site.test/");
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(errc::proxy_unreachable));
  CHECK_FALSE(counts_against_host(got.error().code));
}

TEST_CASE("a proxy that comes back within the patience costs nothing") {
  std::uint16_t port = 0;
  {
    loopback_server gone{[](auto&) {}};
    port = gone.port();
  }
  auto settings = quick_config();
  settings.politeness.patience = 60s;
  settings.http.proxy_for_http.address = "http://127.0.0.1:" + std::to_string(port);
  std::optional<loopback_server> proxy;
  std::thread starts{[&] {
    std::this_thread::sleep_for(300ms);
    proxy.emplace([](auto& visit) { visit.send(answer(200, "back")); }, std::nullopt,
                  std::vector<std::string>{"127.0.0.1"}, port);
  }};
  polite_web web{settings};
  auto const got = web.fetch("http://site.test/");
  starts.join();
  REQUIRE(got);
  CHECK(got->body == "back");
}

TEST_CASE("a proxy is no way into its own network") {
  loopback_server proxy{[](auto& visit) { visit.send(answer(200)); }};
  polite_web web{through(proxy)};
  auto const where = GENERATE(as<std::string>{}, "http://127.0.0.1/", "http://[::1]/",
                              "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/",
                              "http://localhost/", "http://printer/", "http://nas.home.arpa/",
                              "http://vault.internal/", "https://192.168.1.1/");
  INFO(where);
  auto const got = web.fetch(where);
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(errc::blocked_address));
  CHECK(proxy.seen().empty());
}

TEST_CASE("who is in NO_PROXY, or led elsewhere, is asked directly") {
  loopback_server proxy{[](auto& visit) { visit.send(answer(500)); }};
  loopback_server site{[](auto& visit) { visit.send(answer(200, "direct")); }};
  auto settings = through(proxy);
  settings.http.no_proxy = {"127.0.0.0/8"};
  settings.http.allow_private_addresses = true;
  settings.http.connect_to["led.test:80"] = site.address();
  polite_web web{settings};
  for (auto const& where : {url_of(site) + "/", std::string{"http://led.test/"}}) {
    INFO(where);
    auto const got = web.fetch(where);
    REQUIRE(got);
    CHECK(got->body == "direct");
  }
  CHECK(proxy.seen().empty());
}
