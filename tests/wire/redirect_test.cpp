// SPDX-License-Identifier: MIT
#include "support/polite_web.hpp"
#include "support/test_authority.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace vinny::test;

namespace {

/// "/5" leads to "/4" … "/0", which answers.
void count_down(loopback_server::visit& visit) {
  auto const left = std::stoi(visit.request.target.substr(1));
  visit.send(left == 0 ? answer(200, "there")
                       : answer(302, {}, {{"Location", "/" + std::to_string(left - 1)}}));
}

loopback_server::script leads_to(std::string location, int status = 302) {
  return [=](auto& visit) {
    visit.send(visit.request.target == "/start" ? answer(status, "gone", {{"Location", location}})
                                                : answer(200, visit.request.target));
  };
}

}  // namespace

TEST_CASE("five redirects are followed, a sixth is not") {
  loopback_server server{count_down};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const five = web.fetch("http://site.test/5");
  REQUIRE(five);
  CHECK(five->body == "there");
  CHECK(five->final_url.str() == "http://site.test/0");
  auto const before = server.seen().size();
  auto const six = web.fetch("http://site.test/6");
  REQUIRE_FALSE(six);
  CHECK(six.error().code == errc::too_many_redirects);
  CHECK(server.seen().size() == before + 6);
}

TEST_CASE("http.max_redirects = 0 follows none") {
  loopback_server server{count_down};
  auto settings = quick_config(server, {"site.test:80"});
  settings.http.max_redirects = 0;
  polite_web web{settings};
  CHECK(web.fetch("http://site.test/0").has_value());
  CHECK(web.fetch("http://site.test/1").error().code == errc::too_many_redirects);
  CHECK(server.seen().size() == 2);
}

TEST_CASE("a loop is noticed when it closes") {
  loopback_server server{[](auto& visit) {
    visit.send(answer(301, {}, {{"Location", visit.request.target == "/a" ? "/b" : "/a"}}));
  }};
  polite_web web{quick_config(server, {"site.test:80"})};
  CHECK(web.fetch("http://site.test/a").error().code == errc::too_many_redirects);
  CHECK(server.seen().size() == 2);
  CHECK(web.fetch("http://site.test/b#fragment").error().code == errc::too_many_redirects);
}

TEST_CASE("all redirect statuses are followed, others are answers") {
  auto const [status, follows] = GENERATE(table<int, bool>({{301, true},
                                                            {302, true},
                                                            {303, true},
                                                            {307, true},
                                                            {308, true},
                                                            {300, false},
                                                            {304, false},
                                                            {305, false},
                                                            {201, false},
                                                            {404, false}}));
  loopback_server server{leads_to("/end", status)};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/start");
  INFO(status);
  REQUIRE(got);
  CHECK(got->status == (follows ? 200 : status));
}

TEST_CASE("a Location is resolved against the page it came from") {
  auto const [location, reached] = GENERATE(table<std::string, std::string>({
      {"/end", "http://site.test/end"},
      {"end", "http://site.test/end"},
      {"?page=2", "http://site.test/start?page=2"},
      {"./a/../end", "http://site.test/end"},
      {"../../end", "http://site.test/end"},
      {"//site.test/end", "http://site.test/end"},
      {"//other.test/end", "http://other.test/end"},
      {"http://other.test", "http://other.test/"},
      {"HTTP://OTHER.test/End", "http://other.test/End"},
      {"/end#part", "http://site.test/end"},
      {"/a b", "http://site.test/a%20b"},
      {"/caf\xc3\xa9", "http://site.test/caf%C3%A9"},
  }));
  loopback_server server{leads_to(location)};
  polite_web web{quick_config(server, {"site.test:80", "other.test:80"})};
  auto const got = web.fetch("http://site.test/start");
  INFO(location);
  REQUIRE(got);
  CHECK(got->final_url.str() == reached);
  CHECK(server.seen().back().target == got->final_url.target());
  CHECK(server.seen().back().header("Host") == got->final_url.host());
}

TEST_CASE("a redirect to nowhere is a failure") {
  auto const location =
      GENERATE(as<std::string>{}, "http://", "http:///x.jpg", "http://site.test:99999/",
               "ftp://site.test/", "file:///etc/passwd", "gopher://site.test:80/",
               "javascript:alert(1)", "data:text/plain,hello", "http://a b/");
  loopback_server server{leads_to(location)};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/start");
  INFO(location);
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(errc::redirect_broken));
  // Who sends us, and where.
  CHECK(got.error().message.starts_with("http://site.test/start: status 302 "));
  CHECK(got.error().message.contains(location));
  CHECK(server.seen().size() == 1);
}

TEST_CASE("one slash of a redirect stands for two, as curl reads it") {
  loopback_server server{leads_to("http:/other.test/there")};
  polite_web web{quick_config(server, {"site.test:80", "other.test:80"})};
  auto const got = web.fetch("http://site.test/start");
  REQUIRE(got);
  CHECK(got->final_url.str() == "http://other.test/there");
}

TEST_CASE("a failure behind redirects tells where they began") {
  loopback_server server{leads_to("http://127.0.0.1/inside")};
  polite_web web{quick_config(server, {"site.test:80"})};
  auto const got = web.fetch("http://site.test/start");
  REQUIRE_FALSE(got);
  CHECK(name(got.error().code) == name(errc::blocked_address));
  CHECK(got.error().message.starts_with("http://site.test/start redirects on: http://127.0.0.1/"));
}

TEST_CASE("https that leads to http is followed where that is allowed") {
  scratch_folder const folder;
  test_authority const authority;
  loopback_server plain{[](auto& visit) { visit.send(answer(200, "plain")); }};
  loopback_server secure{
      [](auto& visit) { visit.send(answer(302, {}, {{"Location", "http://site.test/plain"}})); },
      authority.issue("DNS:site.test")};
  auto settings = quick_config(plain, {"site.test:80"});
  settings.http.connect_to["site.test:443"] = secure.address();
  settings.http.ca_file = authority.write(folder);
  CHECK(polite_web{settings}.fetch("https://site.test/").error().code == errc::redirect_downgrade);
  settings.politeness.host["site.test"].follow_to_http = true;
  auto const got = polite_web{settings}.fetch("https://site.test/");
  REQUIRE(got);
  CHECK(got->body == "plain");
}

TEST_CASE("a host that wants its cookie back within a chain gets it, and no other host does") {
  loopback_server server{[](auto& visit) {
    auto const cookie = std::string{visit.request.header("Cookie")};
    bool const wall = visit.request.header("Host") == "wall.test";
    if (wall && cookie.empty()) {
      visit.send(answer(302, {}, {{"Set-Cookie", "seen=1; Path=/; HttpOnly"}, {"Location", "/a"}}));
    } else if (wall && visit.request.target == "/away") {
      visit.send(answer(302, {}, {{"Location", "http://other.test/"}}));
    } else {
      visit.send(answer(200, cookie));
    }
  }};
  polite_web web{quick_config(server, {"wall.test:80", "other.test:80"})};
  auto const back = web.fetch("http://wall.test/a");
  REQUIRE(back);
  CHECK(back->body == "seen=1");
  // Nothing is kept for the next chain.
  CHECK(web.fetch("http://wall.test/a")->body == "seen=1");
  CHECK(server.seen().size() == 4);
  CHECK(web.fetch("http://other.test/")->body.empty());
}

TEST_CASE("the list of hosts holds on each hop") {
  loopback_server server{[](auto& visit) {
    auto const host = visit.request.header("Host");
    visit.send(host == "a.test"       ? answer(302, {}, {{"Location", "http://img.b.test/"}})
               : host == "img.b.test" ? answer(302, {}, {{"Location", "http://evil-b.test/"}})
                                      : answer(200));
  }};
  polite_web web{quick_config(server, {"a.test:80", "img.b.test:80", "evil-b.test:80"})};
  auto what = get("http://a.test/");
  auto const [hosts, asked] = GENERATE(table<std::vector<std::string>, std::size_t>({
      {{"b.test"}, 0},
      {{"a.test"}, 1},
      {{"a.test", "b.test"}, 2},
  }));
  what.hosts = hosts;
  auto const got = web.send(what);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::blocked_host);
  CHECK(server.seen().size() == asked);
  what.hosts = {};
  CHECK(web.send(what).has_value());
}

TEST_CASE("https never becomes http") {
  test_authority const authority;
  scratch_folder const folder;
  loopback_server plain{leads_to("https://safe.test/end")};
  loopback_server safe{leads_to("http://plain.test/end"), authority.issue("DNS:safe.test")};
  auto settings = quick_config(plain, {"plain.test:80"});
  settings.http.connect_to["safe.test:443"] = safe.address();
  settings.http.ca_file = authority.write(folder);
  polite_web web{settings};

  auto const down = web.fetch("https://safe.test/start");
  REQUIRE_FALSE(down);
  CHECK(down.error().code == errc::redirect_downgrade);
  CHECK(plain.connections() == 0);

  auto const up = web.fetch("http://plain.test/start");
  REQUIRE(up);
  CHECK(up->final_url.str() == "https://safe.test/end");
}

TEST_CASE("credentials go to the origin they were meant for and no further") {
  bool const same_origin = GENERATE(true, false);
  loopback_server server{leads_to(same_origin ? "/end" : "http://other.test/end")};
  polite_web web{quick_config(server, {"site.test:80", "other.test:80"})};
  auto what = get("http://site.test/start");
  what.headers = {{"Authorization", "Bearer x"}, {"cookie", "a=b"}, {"Accept", "image/*"}};
  REQUIRE(web.send(what));
  auto const last = server.seen().at(1);
  CHECK(last.header("Accept") == "image/*");
  CHECK(last.header("Authorization") == (same_origin ? "Bearer x" : ""));
  CHECK(last.header("Cookie") == (same_origin ? "a=b" : ""));
}
