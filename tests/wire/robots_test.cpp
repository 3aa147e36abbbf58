// SPDX-License-Identifier: MIT
#include "support/deflated.hpp"
#include "support/memory_double.hpp"
#include "support/polite_web.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

/// Answers /robots.txt with that, everything else with 200.
loopback_server::script with_robots(std::string reply) {
  return [=](auto& visit) {
    visit.send(visit.request.target == "/robots.txt" ? reply : answer(200, "page"));
  };
}

config obedient(loopback_server const& server, std::vector<std::string> const& names) {
  auto out = quick_config(server, names);
  out.politeness.robots = true;
  return out;
}

}  // namespace

TEST_CASE("what robots.txt forbids is not asked for") {
  loopback_server server{with_robots(answer(200,
                                            "User-agent: *\nDisallow: /\n\nUser-agent: vinny\n"
                                            "Disallow: /private\nAllow: /private/open\n"))};
  polite_web web{obedient(server, {"site.test:80"})};
  CHECK(web.fetch("http://site.test/page").has_value());
  CHECK(web.fetch("http://site.test/private/open/x").has_value());
  for (auto const* path : {"/private", "/private/x?y=z", "/%70rivate/x", "/private%2Fx"}) {
    auto const got = web.fetch(std::string{"http://site.test"} + path);
    INFO(path);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == errc::robots_denied);
  }
  CHECK(server.seen().size() == 3);
}

TEST_CASE("robots.txt is asked for once, however many ask at once") {
  loopback_server server{with_robots(answer(200, "User-agent: *\nAllow: /\n"))};
  polite_web web{obedient(server, {"site.test:80"})};
  for (int round = 0; round < 2; ++round) {
    std::vector<request> many(20, get("http://site.test/page"));
    for (auto const& got : web.send_all(std::move(many))) CHECK(got.has_value());
  }
  CHECK(server.count("/robots.txt") == 1);
  CHECK(server.count("/page") == 40);
  CHECK(server.seen().front().target == "/robots.txt");
  CHECK(std::string{server.seen().front().header("User-Agent")}.starts_with("vinny/"));
}

TEST_CASE("each origin has its own robots.txt") {
  loopback_server server{[](auto& visit) {
    bool const closed = visit.request.header("Host") == "closed.test";
    visit.send(visit.request.target != "/robots.txt" ? answer(200)
               : closed                              ? answer(200, "User-agent: *\nDisallow: /\n")
                                                     : answer(200, ""));
  }};
  polite_web web{obedient(server, {"open.test:80", "closed.test:80", "closed.test:81"})};
  CHECK(web.fetch("http://open.test/").has_value());
  CHECK(web.fetch("http://closed.test/").error().code == errc::robots_denied);
  CHECK(web.fetch("http://closed.test:81/").has_value());  // "closed.test:81" is another origin
  CHECK(server.count("/robots.txt") == 3);
}

TEST_CASE("a robots.txt that does not exist allows everything") {
  auto const status = GENERATE(400, 401, 403, 404, 410, 451);
  loopback_server server{with_robots(answer(status, "User-agent: *\nDisallow: /\n"))};
  polite_web web{obedient(server, {"site.test:80"})};
  INFO(status);
  CHECK(web.fetch("http://site.test/page").has_value());
  CHECK(web.fetch("http://site.test/other").has_value());
  CHECK(server.count("/robots.txt") == 1);
}

TEST_CASE("a robots.txt that cannot be read forbids everything") {
  auto const reply =
      GENERATE(as<std::string>{}, answer(500), answer(502), answer(504), "garbage\r\n\r\n",
               "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nUser-agent: *\n",
               answer(200, "User-agent: *\n", {{"Content-Encoding", "br"}}));
  loopback_server server{[&](auto& visit) {
    visit.send(visit.request.target == "/robots.txt" ? reply : answer(200));
    if (visit.request.target == "/robots.txt") visit.half_close();
  }};
  polite_web web{obedient(server, {"site.test:80"})};
  std::vector<request> many(10, get("http://site.test/page"));
  for (auto const& got : web.send_all(std::move(many))) {
    REQUIRE_FALSE(got);
    CHECK(name(got.error().code) == name(errc::robots_unreachable));
  }
  CHECK(server.count("/page") == 0);
  // Those who waited for one fetch share its outcome.
  CHECK(server.count("/robots.txt") == 1);
}

TEST_CASE("429 and 503 at robots.txt cool the host down") {
  auto const status = GENERATE(429, 503);
  loopback_server server{with_robots(answer(status, {}, {{"Retry-After", "3600"}}))};
  polite_web web{obedient(server, {"site.test:80"})};
  auto const first = web.fetch("http://site.test/page");
  REQUIRE_FALSE(first);
  CHECK(name(first.error().code) == name(errc::robots_unreachable));
  auto const second = web.fetch("http://site.test/page");
  REQUIRE_FALSE(second);
  CHECK(second.error().retry_at.has_value());
  CHECK(server.seen().size() == 1);
}

TEST_CASE("a host that recovers is fetched from again") {
  std::atomic<bool> ill = true;
  loopback_server server{[&](auto& visit) {
    bool const robots = visit.request.target == "/robots.txt";
    visit.send(robots && ill ? answer(500) : answer(200, robots ? "" : "page"));
  }};
  polite_web web{obedient(server, {"site.test:80"})};
  REQUIRE_FALSE(web.fetch("http://site.test/page"));
  ill = false;
  CHECK(web.fetch("http://site.test/page").has_value());
}

TEST_CASE("robots.txt is understood when it comes compressed") {
  loopback_server server{with_robots(
      answer(200, gzipped("User-agent: *\nDisallow: /private\n"), {{"Content-Encoding", "gzip"}}))};
  polite_web web{obedient(server, {"site.test:80"})};
  CHECK(web.fetch("http://site.test/private/x").error().code == errc::robots_denied);
  CHECK(web.fetch("http://site.test/page").has_value());
}

TEST_CASE("robots.txt may be behind redirects, on other hosts too") {
  loopback_server server{[](auto& visit) {
    auto const host = visit.request.header("Host");
    if (visit.request.target == "/robots.txt" && host == "site.test") {
      visit.send(answer(301, {}, {{"Location", "http://www.site.test/rules"}}));
    } else if (visit.request.target == "/rules") {
      visit.send(answer(200, "User-agent: *\nDisallow: /private\n"));
    } else {
      visit.send(answer(200));
    }
  }};
  polite_web web{obedient(server, {"site.test:80", "www.site.test:80"})};
  CHECK(web.fetch("http://site.test/private").error().code == errc::robots_denied);
  CHECK(web.fetch("http://site.test/page").has_value());
}

TEST_CASE("a redirect's target must be allowed by its own robots.txt") {
  loopback_server server{[](auto& visit) {
    auto const host = visit.request.header("Host");
    if (visit.request.target == "/robots.txt") {
      visit.send(answer(200, host == "b.test" ? "User-agent: *\nDisallow: /secret\n" : ""));
    } else {
      visit.send(host == "a.test" ? answer(302, {}, {{"Location", "http://b.test/secret"}})
                                  : answer(200));
    }
  }};
  polite_web web{obedient(server, {"a.test:80", "b.test:80"})};
  CHECK(web.fetch("http://a.test/").error().code == errc::robots_denied);
  CHECK(server.count("/secret") == 0);
}

TEST_CASE("a crawl delay raises the gap between requests") {
  loopback_server server{with_robots(answer(200, "User-agent: *\nCrawl-delay: 0.4\n"))};
  auto settings = obedient(server, {"site.test:80"});
  settings.politeness.delay = 50ms;
  polite_web web{settings};
  std::vector<request> many(4, get("http://site.test/page"));
  for (auto const& got : web.send_all(std::move(many))) CHECK(got.has_value());
  auto const seen = server.seen();
  REQUIRE(seen.size() == 5);
  for (std::size_t i = 2; i < seen.size(); ++i) CHECK(seen[i].at - seen[i - 1].at >= 399ms);
}

TEST_CASE("politeness.robots = false asks for no robots.txt") {
  loopback_server server{with_robots(answer(200, "User-agent: *\nDisallow: /\n"))};
  auto settings = obedient(server, {"site.test:80", "strict.test:80"});
  settings.politeness.host["site.test"].robots = false;
  polite_web web{settings};
  CHECK(web.fetch("http://site.test/page").has_value());
  CHECK(server.count("/robots.txt") == 0);
  CHECK(web.fetch("http://strict.test/page").error().code == errc::robots_denied);
}

TEST_CASE("robots.txt is remembered over a restart, for a day") {
  loopback_server server{with_robots(answer(200, "User-agent: *\nDisallow: /new\n"))};
  memory_double memory;
  {
    polite_web web{obedient(server, {"site.test:80"}), &memory};
    CHECK(web.fetch("http://site.test/page").has_value());
  }
  REQUIRE(memory.kept_robots.contains("http://site.test"));
  {
    polite_web web{obedient(server, {"site.test:80"}), &memory};
    CHECK(web.fetch("http://site.test/new").error().code == errc::robots_denied);
  }
  CHECK(server.count("/robots.txt") == 1);
  memory.kept_robots["http://site.test"].fetched_at = now() - 25h;
  {
    polite_web web{obedient(server, {"site.test:80"}), &memory};
    CHECK(web.fetch("http://site.test/new").error().code == errc::robots_denied);
  }
  CHECK(server.count("/robots.txt") == 2);
}

TEST_CASE("an old copy serves while the host is ill, for 30 days") {
  loopback_server server{with_robots(answer(500))};
  memory_double memory;
  auto const [age, usable] =
      GENERATE(table<std::chrono::hours, bool>({{25h, true}, {29 * 24h, true}, {31 * 24h, false}}));
  memory.kept_robots["http://site.test"] = {
      .status = 200, .body = "User-agent: *\nDisallow: /private\n", .fetched_at = now() - age};
  polite_web web{obedient(server, {"site.test:80"}), &memory};
  auto const page = web.fetch("http://site.test/page");
  auto const secret = web.fetch("http://site.test/private");
  CHECK(page.has_value() == usable);
  REQUIRE_FALSE(secret);
  CHECK(name(secret.error().code) == name(usable ? errc::robots_denied : errc::robots_unreachable));
}
