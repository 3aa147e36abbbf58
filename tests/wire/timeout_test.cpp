// SPDX-License-Identifier: MIT
#include "support/polite_web.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

struct timed {
  errc code{};
  clock::duration took{};
};

timed fetch(polite_web& web, std::string const& where, deadline limit = no_deadline) {
  auto const began = clock::now();
  auto const got = web.send(get(where), limit);
  return {got ? errc{} : got.error().code, clock::now() - began};
}

void check_in_time(timed const& one, errc code, clock::duration least) {
  CHECK(name(one.code) == name(code));
  CHECK(one.took >= least);
  CHECK(one.took < least + 3s);
}

}  // namespace

TEST_CASE("an answer that does not begin is first_byte_timeout, and the connection is closed") {
  loopback_server server{[](auto& visit) { visit.wait_for_close(); }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.http.first_byte_timeout = 1s;
  polite_web web{settings};
  check_in_time(fetch(web, "http://site.test/"), errc::first_byte_timeout, 1s);
  CHECK(server.seen().size() == 1);
  check_in_time(fetch(web, "http://site.test/"), errc::first_byte_timeout, 1s);
  CHECK(server.connections() == 2);
}

TEST_CASE("a head that comes by drips does not buy time") {
  loopback_server server{[](auto& visit) {
    std::string const head = "HTTP/1.1 200 OK\r\nX-Slow: " + std::string(1000, 'x');
    for (char const c : head) {
      visit.send({&c, 1});
      if (!visit.pause(50ms)) return;
    }
  }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.http.first_byte_timeout = 1s;
  polite_web web{settings};
  check_in_time(fetch(web, "http://site.test/"), errc::first_byte_timeout, 1s);
}

TEST_CASE("a body that drips below stall_bytes is stalled") {
  loopback_server server{[](auto& visit) {
    visit.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (visit.pause(100ms)) visit.send("xxxx");
  }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.http.stall_timeout = 1s;
  settings.http.stall_bytes = 1024;
  polite_web web{settings};
  check_in_time(fetch(web, "http://site.test/"), errc::stalled, 1s);
}

TEST_CASE("a slow body that keeps coming is not stalled") {
  loopback_server server{[](auto& visit) {
    visit.send("HTTP/1.1 200 OK\r\nContent-Length: 15000\r\n\r\n");
    for (int i = 0; i < 15 && visit.pause(100ms); ++i) visit.send(std::string(1000, 'x'));
  }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.http.stall_timeout = 1s;
  settings.http.stall_bytes = 1000;
  polite_web web{settings};
  auto const got = web.fetch("http://site.test/");
  REQUIRE(got);
  CHECK(got->body.size() == 15000);
}

TEST_CASE("the whole exchange has its own limit, and so has the caller") {
  loopback_server server{[](auto& visit) {
    visit.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
    while (visit.pause(20ms)) visit.send(std::string(1000, 'x'));
  }};
  auto settings = quick_config(server, {"site.test:80"});
  bool const by_caller = GENERATE(false, true);
  if (!by_caller) settings.http.total_timeout = 1s;
  settings.http.stall_bytes = 100;
  polite_web web{settings};
  auto const limit = by_caller ? within(1s) : no_deadline;
  check_in_time(fetch(web, "http://site.test/", limit), errc::total_timeout, 950ms);
}

TEST_CASE("a TLS handshake that nobody answers is tls_timeout") {
  loopback_server server{[](auto& visit) { visit.wait_for_close(); }};  // no TLS: waits for a head
  auto settings = quick_config(server, {"site.test:443"});
  settings.http.tls_timeout = 1s;
  polite_web web{settings};
  check_in_time(fetch(web, "https://site.test/"), errc::tls_timeout, 1s);
}

TEST_CASE("a port where nobody listens is connect_failed") {
  std::string nobody;
  {
    loopback_server gone{[](auto&) {}};
    nobody = gone.address();
  }
  auto settings = quick_config();
  settings.http.connect_to["site.test:80"] = nobody;
  polite_web web{settings};
  auto const got = web.fetch("http://site.test/");
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::connect_failed);
}

TEST_CASE("a full backlog is connect_timeout") {
  // A socket that listens and never accepts; the kernel drops what is over the backlog.
  int const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&place), size) == 0);
  REQUIRE(::listen(listener, 0) == 0);
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&place), &size) == 0);
  std::vector<int> fillers;
  for (int i = 0; i < 8; ++i) {
    int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    std::ignore = ::connect(fd, reinterpret_cast<sockaddr*>(&place), size);
    fillers.push_back(fd);
  }
  auto settings = quick_config();
  settings.http.connect_timeout = 1s;
  settings.http.connect_to["site.test:80"] = "127.0.0.1:" + std::to_string(ntohs(place.sin_port));
  polite_web web{settings};
  auto const one = fetch(web, "http://site.test/");
  for (int const fd : fillers) ::close(fd);
  ::close(listener);
  check_in_time(one, errc::connect_timeout, 1s);
}

TEST_CASE("a request whose turn lies beyond its deadline gives up at the deadline") {
  loopback_server server{[](auto& visit) { visit.send(answer(200)); }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.delay = 5s;
  polite_web web{settings};
  REQUIRE(web.fetch("http://site.test/1"));
  auto const second = fetch(web, "http://site.test/2", within(300ms));
  CHECK(second.code == errc::host_cooling_down);
  CHECK(second.took < 4s);
  CHECK(server.count("/2") == 0);
}

TEST_CASE("a request whose turn is far away comes back later instead of waiting in line") {
  loopback_server server{[](auto& visit) { visit.send(answer(200)); }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.delay = 30s;
  polite_web web{settings};
  REQUIRE(web.fetch("http://site.test/1"));
  auto const second = fetch(web, "http://www.site.test/2", within(10s));
  CHECK(second.code == errc::host_cooling_down);
  CHECK(second.took < 5s);
  CHECK(server.count("/2") == 0);
}
