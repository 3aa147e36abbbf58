// SPDX-License-Identifier: MIT
#include "support/polite_web.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

/// The gaps between the arrivals at each host, the shortest.
std::map<std::string, std::chrono::nanoseconds> shortest_gaps(std::vector<seen_request> seen) {
  std::ranges::sort(seen, {}, &seen_request::at);
  std::map<std::string, arrival> last;
  std::map<std::string, std::chrono::nanoseconds> out;
  for (auto const& one : seen) {
    std::string const host{one.header("Host")};
    if (auto const before = last.find(host); before != last.end()) {
      auto const gap = one.at - before->second;
      auto const [place, added] = out.emplace(host, gap);
      if (!added) place->second = std::min(place->second, gap);
    }
    last[host] = one.at;
  }
  return out;
}

/// Counts who is inside, and how many there were at most.
class crowd {
 public:
  class member {
   public:
    explicit member(crowd& all) : all_(all) {
      auto const inside = ++all_.inside_;
      auto most = all_.most_.load();
      while (inside > most && !all_.most_.compare_exchange_weak(most, inside)) {
      }
    }
    member(member const&) = delete;
    member& operator=(member const&) = delete;
    ~member() { --all_.inside_; }

   private:
    crowd& all_;
  };
  [[nodiscard]] int most() const { return most_; }

 private:
  std::atomic<int> inside_ = 0;
  std::atomic<int> most_ = 0;
};

// Less than any pause between two requests, more than a wall clock is slewed by meanwhile.
constexpr auto clocks_differ = 500us;

}  // namespace

TEST_CASE("no two requests arrive at a host within its delay") {
  // Answers that come late, at once, on kept connections and on new ones.
  loopback_server server{[](auto& visit) {
    auto const turn = visit.request.target.back() - '0';
    if (turn % 3 == 0) visit.pause(70ms);
    if (turn % 2 == 0) return visit.send(answer(200, "x"));
    visit.send(answer(200, "x", {{"Connection", "close"}}));
    visit.close();
  }};
  auto settings = quick_config(server, {"a.test:80", "b.test:80", "slow.test:80"});
  settings.politeness.delay = 50ms;
  settings.politeness.concurrency = 3;
  settings.politeness.host["slow.test"].delay = 150ms;
  polite_web web{settings};
  std::vector<request> many;
  for (int i = 0; i < 10; ++i) {
    for (auto const* host : {"a.test", "b.test", "slow.test"}) {
      many.push_back(get("http://" + std::string{host} + '/' + std::to_string(i)));
    }
  }
  for (auto const& got : web.send_all(std::move(many))) CHECK(got.has_value());
  auto const gaps = shortest_gaps(server.seen());
  REQUIRE(gaps.size() == 3);
  CHECK(gaps.at("a.test") >= 50ms - clocks_differ);
  CHECK(gaps.at("b.test") >= 50ms - clocks_differ);
  CHECK(gaps.at("slow.test") >= 150ms - clocks_differ);
}

TEST_CASE("redirects and failures keep the pace too") {
  loopback_server server{[](auto& visit) {
    if (visit.request.target == "/broken") return visit.reset();
    visit.send(visit.request.target == "/end" ? answer(200)
                                              : answer(302, {}, {{"Location", "/end"}}));
  }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.delay = 60ms;
  polite_web web{settings};
  std::vector<request> many;
  for (int i = 0; i < 4; ++i) {
    many.push_back(get("http://site.test/start" + std::to_string(i)));
    many.push_back(get("http://site.test/broken"));
  }
  std::ignore = web.send_all(std::move(many));
  auto const seen = server.seen();
  CHECK(seen.size() >= 12);
  CHECK(shortest_gaps(seen).at("site.test") >= 60ms - clocks_differ);
}

TEST_CASE("requests in flight are bounded, by host and overall") {
  crowd all;
  std::map<std::string, crowd, std::less<>> by_host;
  std::vector<std::string> names;
  for (char c = 'a'; c < 'g'; ++c) {
    by_host[std::string{c} + ".test"];
    names.push_back(std::string{c} + ".test:80");
  }
  loopback_server server{[&](auto& visit) {
    {
      crowd::member const one{all};
      crowd::member const here{by_host.find(visit.request.header("Host"))->second};
      visit.pause(30ms);
    }
    visit.send(answer(200));
  }};
  auto settings = quick_config(server, names);
  settings.http.concurrency = 5;
  settings.politeness.concurrency = 2;
  polite_web web{settings};
  std::vector<request> many;
  for (int i = 0; i < 8; ++i) {
    for (auto const& [host, ignored] : by_host) many.push_back(get("http://" + host + "/"));
  }
  for (auto const& got : web.send_all(std::move(many))) CHECK(got.has_value());
  // The bound is used to the full, and not exceeded. A request counts from its arrival to just
  // before its answer, so that the server can only see too few.
  CHECK(all.most() <= 5);
  CHECK(all.most() >= 4);
  for (auto const& [host, inside] : by_host) CHECK(inside.most() <= 2);
  std::ignore = web.send_all(std::vector<request>(6, get("http://a.test/")));
  CHECK(by_host.at("a.test").most() == 2);
  CHECK(web.hosts.in_flight() == 0);
}

TEST_CASE("a slow host does not keep others waiting") {
  std::atomic<bool> released = false;
  loopback_server server{[&](auto& visit) {
    if (visit.request.header("Host") == "slow.test") {
      while (!released && visit.pause(5ms)) {
      }
    } else if (visit.request.target == "/last") {
      released = true;
    }
    visit.send(answer(200));
  }};
  auto settings = quick_config(server, {"slow.test:80", "fast.test:80"});
  settings.http.concurrency = 3;
  settings.politeness.concurrency = 1;
  polite_web web{settings};
  std::vector<request> many(6, get("http://slow.test/"));
  for (int i = 0; i < 6; ++i) many.push_back(get("http://fast.test/"));
  many.push_back(get("http://fast.test/last"));
  for (auto const& got : web.send_all(std::move(many))) CHECK(got.has_value());
}

TEST_CASE("whoever asks, and under whichever settings, a host sees one pace") {
  loopback_server server{[](auto& visit) { visit.send(answer(200)); }};
  auto settings = quick_config(server, {"site.test:80"});
  settings.politeness.delay = 60ms;
  polite_web web{settings};
  // What a reload makes beside a run: another client with connections of its own.
  connection_pool other_pool{web.dial};
  polite_client other{settings, web.hosts, other_pool, web.cpu};
  std::vector<result<response>> got(6, fail(errc::internal, "no answer came"));
  for (std::size_t i = 0; i < got.size(); ++i) {
    auto& by = i % 2 == 0 ? web.client : other;
    asio::co_spawn(web.loop, by.send(get("http://site.test/"), no_deadline), keeper{got[i]});
  }
  web.run();
  for (auto const& one : got) CHECK(one.has_value());
  CHECK(shortest_gaps(server.seen()).at("site.test") >= 60ms - clocks_differ);
}

TEST_CASE("other settings hold at once for hosts that are known") {
  loopback_server server{[](auto& visit) { visit.send(answer(200)); }};
  auto settings = quick_config(server, {"site.test:80"});
  polite_web web{settings};
  REQUIRE(web.fetch("http://site.test/"));
  auto slower = settings;
  slower.politeness.delay = 90ms;
  slower.politeness.concurrency = 1;
  slower.http.concurrency = 1;
  web.hosts.reconfigure(slower);
  auto& lane = web.hosts.lanes().of("site.test");
  CHECK(lane.state.delay() == 90ms);
  CHECK(lane.slots.free() == 1);
  CHECK(web.hosts.permits().free() == 1);
  for (auto const& one : web.send_all(std::vector<request>(3, get("http://site.test/")))) {
    CHECK(one.has_value());
  }
  CHECK(shortest_gaps(server.seen()).at("site.test") >= 90ms - clocks_differ);
  CHECK(web.hosts.in_flight() == 0);
}
