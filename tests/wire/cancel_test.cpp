// SPDX-License-Identifier: MIT
#include "support/polite_web.hpp"

#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>

#include <list>

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

struct pending {
  asio::cancellation_signal stop;
  result<response> got = fail(errc::internal, "still under way");
};

/// Starts so many requests, cancels them one by one after a while, and waits for the end.
std::list<pending> start_and_cancel(polite_web& web, std::string const& where, int many,
                                    clock::duration after) {
  std::list<pending> out;
  for (int i = 0; i < many; ++i) {
    auto& one = out.emplace_back();
    web.start(get(where), one.stop, one.got);
  }
  asio::steady_timer when{web.loop, after};
  when.async_wait([&](auto) {
    for (auto& one : out) one.stop.emit(asio::cancellation_type::terminal);
  });
  web.run();
  return out;
}

void check_all_given_back(polite_web& web, std::string const& host) {
  auto& lane = web.hosts.lanes().of(host);
  CHECK(web.hosts.in_flight() == 0);
  CHECK(lane.gate.free() == 1);
  CHECK(lane.gate.waiting() == 0);
  CHECK(lane.slots.free() == lane.limits.concurrency);
  CHECK(lane.slots.waiting() == 0);
}

}  // namespace

TEST_CASE("cancelled requests give back gate, slot and permit, wherever they stood") {
  // Two hang in the answer, one waits for a slot at the gate, the rest wait for the gate.
  std::atomic<bool> hang = true;
  loopback_server server{[&](auto& visit) {
    if (hang) return visit.wait_for_close();
    visit.send(answer(200));
  }};
  auto settings = quick_config(server, {"site.test:80", "other.test:80"});
  settings.politeness.concurrency = 2;
  settings.http.concurrency = 2;
  polite_web web{settings};
  auto const stopped = start_and_cancel(web, "http://site.test/", 8, 200ms);
  for (auto const& one : stopped) {
    REQUIRE_FALSE(one.got);
    CHECK(name(one.got.error().code) == name(errc::cancelled));
  }
  CHECK(server.seen().size() == 2);
  check_all_given_back(web, "site.test");
  hang = false;
  CHECK(web.fetch("http://site.test/").has_value());
  CHECK(web.fetch("http://other.test/").has_value());
  CHECK(web.hosts.lanes().of("site.test").state.consecutive_failures() == 0);
}

TEST_CASE("a request cancelled while it sleeps for its turn lets the next one through") {
  loopback_server server{[](auto& visit) { visit.send(answer(200)); }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.delay = 400ms;
  polite_web web{settings};
  REQUIRE(web.fetch("http://site.test/1"));
  auto const stopped = start_and_cancel(web, "http://site.test/2", 3, 50ms);
  for (auto const& one : stopped) CHECK_FALSE(one.got);
  check_all_given_back(web, "site.test");
  CHECK(web.fetch("http://site.test/3").has_value());
  CHECK(server.count("/2") == 0);
  CHECK(server.seen().back().at - server.seen().front().at >= 399ms);
}

TEST_CASE("a connection whose exchange was cancelled is not kept") {
  loopback_server server{[](auto& visit) {
    if (visit.request.target != "/hang") return visit.send(answer(200));
    visit.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    visit.wait_for_close();
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  REQUIRE(web.fetch("http://site.test/1"));
  auto const stopped = start_and_cancel(web, "http://site.test/hang", 1, 150ms);
  CHECK_FALSE(stopped.front().got);
  REQUIRE(web.fetch("http://site.test/2"));
  CHECK(server.connections() == 2);
  CHECK(server.seen().back().number == 0);
}

TEST_CASE("a cancelled probe leaves the next request free to be one") {
  std::atomic<int> asked = 0;
  loopback_server server{[&](auto& visit) {
    ++asked;
    if (visit.request.target == "/hang") return visit.wait_for_close();
    visit.send(answer(visit.request.target == "/ill" ? 500 : 200));
  }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.breaker_failures = 1;
  settings.politeness.breaker_rest = 1s;
  polite_web web{settings};
  REQUIRE(web.fetch("http://site.test/ill"));
  asio::steady_timer rest{web.loop, 1050ms};
  rest.async_wait([](auto) {});
  web.run();
  auto const stopped = start_and_cancel(web, "http://site.test/hang", 1, 150ms);
  CHECK_FALSE(stopped.front().got);
  CHECK(server.count("/hang") == 1);
  CHECK(web.fetch("http://site.test/").has_value());
}

TEST_CASE("one who fetches robots.txt and is cancelled leaves the fetch to the next") {
  std::atomic<bool> hang = true;
  loopback_server server{[&](auto& visit) {
    if (hang) return visit.wait_for_close();
    visit.send(answer(200, visit.request.target == "/robots.txt" ? "" : "page"));
  }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.robots = true;
  polite_web web{settings};
  auto const stopped = start_and_cancel(web, "http://site.test/page", 4, 150ms);
  for (auto const& one : stopped) CHECK_FALSE(one.got);
  check_all_given_back(web, "site.test");
  hang = false;
  CHECK(web.fetch("http://site.test/page").has_value());
}

TEST_CASE("requests whose deadline passes in the line give back what they held") {
  loopback_server server{[](auto& visit) { visit.wait_for_close(); }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.concurrency = 1;
  polite_web web{settings};
  auto const answers =
      web.send_all(std::vector<request>(5, get("http://site.test/")), within(200ms));
  int reached = 0;
  for (auto const& got : answers) {
    REQUIRE_FALSE(got);
    reached += got.error().code == errc::total_timeout ? 1 : 0;
    CHECK((got.error().code == errc::total_timeout || got.error().code == errc::host_cooling_down));
  }
  CHECK(reached == 1);
  // Only the one that reached the host says something about it.
  CHECK(server.seen().size() == 1);
  CHECK(web.hosts.lanes().of("site.test").state.consecutive_failures() == 1);
  check_all_given_back(web, "site.test");
}
