// SPDX-License-Identifier: MIT
#include "support/polite_web.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace vinny;
using namespace vinny::test;

TEST_CASE("one connection serves many requests") {
  loopback_server server{[](auto& visit) { visit.send(answer(200, "fine")); }};
  polite_web web{quick_config(server, {"site.test:80"})};
  for (int i = 0; i < 5; ++i) {
    auto const got = web.fetch("http://site.test/" + std::to_string(i));
    REQUIRE(got);
    CHECK(got->status == 200);
    CHECK(got->body == "fine");
    CHECK(got->final_url.path() == "/" + std::to_string(i));
  }
  CHECK(server.connections() == 1);
  auto const seen = server.seen();
  REQUIRE(seen.size() == 5);
  CHECK(seen[4].number == 4);
  CHECK(seen[4].target == "/4");
  CHECK(seen[0].header("Host") == "site.test");
  CHECK(std::string{seen[0].header("User-Agent")}.starts_with("vinny/"));
  CHECK(std::string{seen[0].header("User-Agent")}.find("wire-tests@example.org") !=
        std::string::npos);
}

TEST_CASE("connections are kept apart by host") {
  loopback_server server{[](auto& visit) { visit.send(answer(200)); }};
  polite_web web{quick_config(server, {"a.test:80", "b.test:80"})};
  for (auto const* host : {"http://a.test/", "http://b.test/", "http://a.test/"}) {
    REQUIRE(web.fetch(host));
  }
  CHECK(server.connections() == 2);
  CHECK(server.seen()[2].connection == 0);
}

TEST_CASE("Connection: close, and HTTP/1.0, end the connection") {
  auto const reply = GENERATE(as<std::string>{}, answer(200, "x", {{"Connection", "close"}}),
                              "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx");
  loopback_server server{[&](auto& visit) { visit.send(reply); }};
  polite_web web{quick_config(server, {"site.test:80"})};
  REQUIRE(web.fetch("http://site.test/1"));
  REQUIRE(web.fetch("http://site.test/2"));
  CHECK(server.connections() == 2);
}

TEST_CASE("bytes after the answer end the connection: they answer nobody") {
  loopback_server server{[](auto& visit) {
    visit.send(visit.request.connection == 0 ? answer(200, "mine") + answer(200, "forged")
                                             : answer(200, "yours"));
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const first = web.fetch("http://site.test/1");
  auto const second = web.fetch("http://site.test/2");
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->body == "mine");
  CHECK(second->body == "yours");
}

TEST_CASE("a kept connection that dies under a request is replaced, once") {
  // The second request on a connection is read and then not answered, as when a server's idle
  // timeout strikes just then.
  bool const always = GENERATE(false, true);
  loopback_server server{[&](auto& visit) {
    bool const dies = visit.request.number > 0 || (always && visit.request.connection > 0);
    if (dies) {
      visit.reset();
    } else {
      visit.send(answer(200, std::to_string(visit.request.connection)));
    }
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  REQUIRE(web.fetch("http://site.test/1"));
  auto const second = web.fetch("http://site.test/2");
  CHECK(server.connections() == 2);
  CHECK(server.count("/2") == 2);
  if (always) {
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::connection_lost);
  } else {
    REQUIRE(second);
    CHECK(second->body == "1");
    // The host is not to blame for its idle timeout.
    CHECK(web.hosts.lanes().of("site.test").state.consecutive_failures() == 0);
  }
}

TEST_CASE("a new connection that dies is a failure, not asked again") {
  loopback_server server{[](auto& visit) { visit.close(); }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/");
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::connection_lost);
  CHECK(server.seen().size() == 1);
  CHECK(web.hosts.lanes().of("site.test").state.consecutive_failures() == 1);
}

TEST_CASE("a kept connection that the server has closed meanwhile is not written to") {
  loopback_server server{[](auto& visit) {
    visit.send(answer(200));
    visit.close();
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  REQUIRE(web.fetch("http://site.test/1"));
  REQUIRE(web.fetch("http://site.test/2"));
  CHECK(server.count("/2") == 1);
  CHECK(server.connections() == 2);
}

TEST_CASE("HEAD has no body, whatever its Content-Length says") {
  loopback_server server{[](auto& visit) {
    visit.send(visit.request.method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
                                              : answer(200, "next"));
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto head = get("http://site.test/");
  head.method = "HEAD";
  auto const got = web.send(head);
  REQUIRE(got);
  CHECK(got->body.empty());
  CHECK(got->header("content-length") == "5000");
  auto const next = web.fetch("http://site.test/");
  REQUIRE(next);
  CHECK(next->body == "next");
  CHECK(server.connections() == 1);
}

TEST_CASE("interim answers are passed over for the final one") {
  loopback_server server{[](auto& visit) {
    visit.send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n");
    visit.send("HTTP/1.1 102 Processing\r\n\r\n" + answer(200, "final"));
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  for (int i = 0; i < 2; ++i) {
    auto const got = web.fetch("http://site.test/");
    REQUIRE(got);
    CHECK(got->status == 200);
    CHECK(got->body == "final");
    CHECK(got->header("Link").empty());
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("what is no HTTP is bad_response") {
  auto const reply = GENERATE(
      as<std::string>{}, "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
      "HTTP/9.9 200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  loopback_server server{[&](auto& visit) { visit.send(reply); }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/");
  INFO(reply);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::bad_response);
}

TEST_CASE("a head without end is refused before it fills the memory") {
  loopback_server server{[](auto& visit) {
    visit.send("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 200; ++i) visit.send("X-Filler: " + std::string(1000, 'x') + "\r\n");
    visit.wait_for_close();
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/");
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::bad_response);
}
