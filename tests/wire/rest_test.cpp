// SPDX-License-Identifier: MIT
#include "support/memory_double.hpp"
#include "support/polite_web.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

errc code_of(result<response> const& got) {
  return got ? errc{} : got.error().code;
}

/// Requests that really arrived after the first.
std::size_t later(loopback_server const& server) {
  return server.seen().size() - 1;
}

}  // namespace

TEST_CASE("Retry-After cools the host down: nothing arrives meanwhile") {
  bool const as_date = GENERATE(false, true);
  auto const status = GENERATE(429, 503);
  loopback_server server{[&](auto& visit) {
    if (visit.request.number > 0 || visit.request.connection > 0) return visit.send(answer(200));
    visit.send(answer(status, {}, {{"Retry-After", as_date ? to_http_date(now() + 60s) : "60"}}));
  }};
  polite_web web{quick_config(server, {"site.test:80", "other.test:80"})};
  auto const first = web.fetch("http://site.test/");
  REQUIRE(first);
  CHECK(first->status == status);
  std::vector<request> many(10, get("http://site.test/again"));
  for (auto const& got : web.send_all(std::move(many))) {
    REQUIRE_FALSE(got);
    CHECK(got.error().code == errc::host_cooling_down);
    REQUIRE(got.error().retry_at);
    CHECK(*got.error().retry_at > now() + 55s);
    CHECK(*got.error().retry_at <= now() + 61s);
  }
  CHECK(later(server) == 0);
  CHECK(web.fetch("http://other.test/").has_value());
}

TEST_CASE("a host that has rested is asked again, and not a moment sooner") {
  loopback_server server{[](auto& visit) {
    visit.send(visit.request.target == "/first" ? answer(429, {}, {{"Retry-After", "1"}})
                                                : answer(200));
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  REQUIRE(web.fetch("http://site.test/first"));
  auto const answered = std::chrono::system_clock::now();
  int refusals = 0;
  for (;;) {
    auto const got = web.fetch("http://site.test/again");
    if (got) break;
    REQUIRE(got.error().code == errc::host_cooling_down);
    ++refusals;
    asio::steady_timer rest{web.loop, 20ms};
    rest.async_wait([](auto) {});
    web.run();
    REQUIRE(std::chrono::system_clock::now() < answered + 10s);
  }
  CHECK(refusals > 10);
  CHECK(server.seen().back().at - server.seen().front().at >= 1s);
}

TEST_CASE("those who already wait for their turn rest with the others") {
  loopback_server server{[](auto& visit) { visit.send(answer(503, {}, {{"Retry-After", "60"}})); }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.delay = 100ms;
  polite_web web{settings};
  auto const answers = web.send_all(std::vector<request>(10, get("http://site.test/")));
  CHECK(std::ranges::count_if(answers, [](auto const& one) { return one.has_value(); }) == 1);
  CHECK(std::ranges::count(answers, errc::host_cooling_down, &code_of) == 9);
  CHECK(server.seen().size() == 1);
}

TEST_CASE("a redirect that says 503 on the next hop cools that host, not the first") {
  loopback_server server{[](auto& visit) {
    visit.send(visit.request.header("Host") == "a.test"
                   ? answer(302, {}, {{"Location", "http://b.test/"}})
                   : answer(503, {}, {{"Retry-After", "60"}}));
  }};
  polite_web web{quick_config(server, {"a.test:80", "b.test:80"})};
  REQUIRE(web.fetch("http://a.test/"));
  CHECK(web.hosts.lanes().of("b.test").state.blocked(now()));
  CHECK_FALSE(web.hosts.lanes().of("a.test").state.blocked(now()));
}

TEST_CASE("429 without Retry-After, or with nonsense, still means a rest") {
  auto const value = GENERATE(as<std::string>{}, "", "soon", "-5", "1.5");
  loopback_server server{[&](auto& visit) {
    auto const headers = value.empty() ? header_list{} : header_list{{"Retry-After", value}};
    visit.send(answer(429, {}, headers));
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  REQUIRE(web.fetch("http://site.test/"));
  INFO(value);
  CHECK(code_of(web.fetch("http://site.test/")) == errc::host_cooling_down);
  CHECK(later(server) == 0);
}

TEST_CASE("the breaker opens after so many failures in a row, and lets one probe through") {
  std::atomic<bool> ill = true;
  loopback_server server{[&](auto& visit) {
    if (visit.request.target == "/probe") visit.pause(100ms);
    visit.send(answer(ill ? 500 : 200));
  }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.breaker_failures = 3;
  settings.politeness.breaker_rest = 1s;
  polite_web web{settings};
  for (int i = 0; i < 3; ++i) CHECK(web.fetch("http://site.test/").value().status == 500);
  auto const shut = web.fetch("http://site.test/");
  REQUIRE_FALSE(shut);
  CHECK(shut.error().code == errc::host_breaker_open);
  REQUIRE(shut.error().retry_at);
  CHECK(*shut.error().retry_at <= now() + 1s);
  CHECK(server.seen().size() == 3);

  bool const recovers = GENERATE(true, false);
  ill = !recovers;
  asio::steady_timer rest{web.loop, 1050ms};
  rest.async_wait([](auto) {});
  web.run();
  auto const answers = web.send_all(std::vector<request>(6, get("http://site.test/probe")));
  CHECK(server.count("/probe") == 1);
  CHECK(std::ranges::count(answers, errc::host_breaker_open, &code_of) == 5);
  auto const after = web.fetch("http://site.test/after");
  CHECK(after.has_value() == recovers);
  CHECK(server.count("/after") == (recovers ? 1 : 0));
}

TEST_CASE("connections that fail count for the breaker, answers that are merely bad do not") {
  auto const [reply, counts] = GENERATE(table<std::string, bool>({
      {answer(404), false},
      {answer(410), false},
      {answer(200), false},
      {answer(500), true},
      {answer(408), true},
      {"", true},
      {"nonsense\r\n\r\n", true},
      {answer(302, {}, {{"Location", "ftp://x.test/"}}), false},
  }));
  loopback_server server{[&](auto& visit) {
    visit.send(reply);
    visit.close();
  }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.breaker_failures = 3;
  polite_web web{settings};
  for (int i = 0; i < 6; ++i) std::ignore = web.fetch("http://site.test/");
  INFO(reply);
  CHECK(server.seen().size() == (counts ? 3 : 6));
}

TEST_CASE("cooldown and breaker survive a restart") {
  memory_double memory;
  loopback_server server{[](auto& visit) {
    visit.send(visit.request.header("Host") == "ill.test"
                   ? answer(500)
                   : answer(429, {}, {{"Retry-After", "120"}}));
  }};
  auto settings = quick_config(server, {"busy.test:80", "ill.test:80", "well.test:80"});
  settings.politeness.breaker_failures = 2;
  {
    polite_web web{settings, &memory};
    REQUIRE(web.fetch("http://busy.test/"));
    REQUIRE(web.fetch("http://ill.test/"));
    REQUIRE(web.fetch("http://ill.test/"));
  }
  REQUIRE(memory.kept_lanes.at("busy.test").cooldown_until);
  REQUIRE(memory.kept_lanes.at("ill.test").breaker_until);
  auto const before = server.seen().size();
  polite_web web{settings, &memory};
  auto const busy = web.fetch("http://busy.test/");
  REQUIRE_FALSE(busy);
  CHECK(busy.error().code == errc::host_cooling_down);
  CHECK(busy.error().retry_at == memory.kept_lanes.at("busy.test").cooldown_until);
  CHECK(code_of(web.fetch("http://ill.test/")) == errc::host_breaker_open);
  CHECK(server.seen().size() == before);
  CHECK(web.fetch("http://well.test/").has_value());
}

TEST_CASE("a rest that is over before the restart holds nobody up") {
  memory_double memory;
  memory.kept_lanes["site.test"] = {
      .cooldown_until = now() - 1s, .breaker_until = now() - 1s, .consecutive_failures = 2};
  loopback_server server{[](auto& visit) { visit.send(answer(200)); }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.breaker_failures = 2;
  polite_web web{settings, &memory};
  CHECK(web.fetch("http://site.test/").has_value());
  CHECK(memory.kept_lanes.at("site.test").consecutive_failures == 0);
}
