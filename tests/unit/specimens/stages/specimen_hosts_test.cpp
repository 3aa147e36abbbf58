// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_hosts.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

auto const room_for_two = [](std::string const&) { return std::size_t{2}; };

specimen_job job(std::int64_t host, std::int64_t gbif_id) {
  specimen_job out;
  out.host = host;
  out.id = {gbif_id, 0};
  return out;
}

/// Answers every wish from hosts that have the images 1 to `each`.
void serve(specimen_hosts& hosts, std::int64_t each, std::int64_t now_ms = 0) {
  for (auto const& wish : hosts.wishes(now_ms)) {
    std::vector<specimen_job> found;
    for (auto n = specimen_image_id::from(wish.after).gbif_id + 1;
         n <= each && found.size() < wish.limit; ++n) {
      found.push_back(job(wish.host, n));
    }
    hosts.stock(wish, std::move(found));
  }
}

std::vector<std::int64_t> take_all(specimen_hosts& hosts, std::int64_t now_ms = 0) {
  std::vector<std::int64_t> out;
  while (auto const one = hosts.take(now_ms)) out.push_back(one->host);
  return out;
}

}  // namespace

TEST_CASE("hosts take turns, and only while they have room") {
  specimen_hosts hosts{{{1, "a", 9}, {2, "b", 9}, {3, "c", 9}}, room_for_two};
  CHECK(take_all(hosts).empty());
  serve(hosts, 9);
  CHECK(take_all(hosts) == std::vector<std::int64_t>{1, 2, 3, 1, 2, 3});
  CHECK(hosts.in_hand() == 6);
  hosts.released(job(2, 1));
  auto const next = hosts.take(0);
  REQUIRE(next);
  CHECK(next->host == 2);
  CHECK(next->host_name == "b");
  CHECK(next->id == specimen_image_id{3, 0});
  CHECK_FALSE(hosts.take(0));
}

TEST_CASE("a host that rests is passed over, and begins again with what it put off") {
  specimen_hosts hosts{{{1, "a", 9}, {2, "b", 9}}, room_for_two};
  serve(hosts, 9);
  auto const first = hosts.take(0);
  REQUIRE(first);
  REQUIRE(first->host == 1);
  hosts.put_back(*first, 500);
  hosts.released(job(1, 1));
  CHECK(take_all(hosts, 100) == std::vector<std::int64_t>{2, 2});
  CHECK(hosts.next_rest_ends(100) == 500);
  CHECK(hosts.any_open(100));
  hosts.rest(1, 300);  // never shortens a rest
  CHECK_FALSE(hosts.take(300));
  auto const again = hosts.take(500);
  REQUIRE(again);
  CHECK(again->id == first->id);
  CHECK_FALSE(hosts.next_rest_ends(500));
}

TEST_CASE("a host that rests is not read ahead") {
  specimen_hosts hosts{{{1, "a", 9}}, room_for_two};
  hosts.rest(1, 500);
  CHECK(hosts.wishes(100).empty());
  CHECK_FALSE(hosts.any_open(100));
  CHECK(hosts.next_rest_ends(100) == 500);
  CHECK(hosts.wishes(500).size() == 1);
}

TEST_CASE("each image is taken once, in order, however long the list") {
  specimen_hosts hosts{{{1, "a", 5000}}, room_for_two};
  std::int64_t last = 0;
  for (;;) {
    serve(hosts, 5000);
    auto const one = hosts.take(0);
    if (!one) break;
    REQUIRE(one->id.gbif_id == last + 1);
    last = one->id.gbif_id;
    hosts.released(job(1, 1));
  }
  CHECK(last == 5000);
  CHECK_FALSE(hosts.any_open(0));
  CHECK_FALSE(hosts.next_rest_ends(0));
}

TEST_CASE("of thousands of hosts, each has a short stock") {
  std::vector<specimen_host> all;
  for (std::int64_t i = 1; i <= 4000; ++i) all.push_back({i, std::to_string(i), 1000});
  specimen_hosts hosts{all, room_for_two};
  std::size_t asked = 0;
  for (auto wishes = hosts.wishes(0); !wishes.empty(); wishes = hosts.wishes(0)) {
    for (auto const& one : wishes) {
      asked += one.limit;
      hosts.stock(one, {});
    }
  }
  CHECK(asked <= 40'000);
  CHECK(hosts.room(100'000) == 8000);
  CHECK(hosts.room(300) == 300);
}

TEST_CASE("what failed before takes a place of its host, too") {
  specimen_hosts hosts{{{1, "a", 9}}, room_for_two};
  CHECK(hosts.take(job(1, 70), 0));
  CHECK(hosts.take(job(5, 70), 0));  // a host without pending images
  CHECK(hosts.take(job(1, 71), 0));
  CHECK_FALSE(hosts.take(job(1, 72), 0));
  CHECK(hosts.in_hand() == 3);
  hosts.rest(5, 100);
  CHECK_FALSE(hosts.take(job(5, 71), 50));
  hosts.released(job(5, 1));
  CHECK(hosts.take(job(5, 71), 100));
}

TEST_CASE("hosts in quarantine come when nobody else has anything to do") {
  specimen_hosts hosts{{{1, "a", 9}, {2, "b", 9}, {3, "c", 9}}, room_for_two};
  serve(hosts, 3);
  hosts.quarantine({"a", "elsewhere"});
  CHECK(take_all(hosts) == std::vector<std::int64_t>{2, 3, 2, 3});
  hosts.released(job(2, 1));
  hosts.released(job(3, 1));
  CHECK(take_all(hosts) == std::vector<std::int64_t>{2, 3, 1, 1});
  hosts.released(job(1, 1));
  hosts.quarantine({});
  CHECK(take_all(hosts) == std::vector<std::int64_t>{1});
}

TEST_CASE("while the others rest, a host in quarantine has its turn") {
  specimen_hosts hosts{{{1, "a", 9}, {2, "b", 9}}, room_for_two};
  serve(hosts, 9);
  hosts.quarantine({"a"});
  hosts.rest(2, 1000);
  CHECK(take_all(hosts) == std::vector<std::int64_t>{1, 1});
}

TEST_CASE("a rest ends early when somebody has released the host") {
  specimen_hosts hosts{{{1, "a", 9}, {2, "b", 9}}, room_for_two};
  serve(hosts, 9);
  hosts.rest(1, 86'400'000);
  hosts.rest(2, 86'400'000);
  CHECK(hosts.first_rest_ends() == 86'400'000);
  hosts.rests_end_early([](std::string const& name) { return name == "a" ? 0 : 86'400'000; });
  CHECK(take_all(hosts, 1000) == std::vector<std::int64_t>{1, 1});
  CHECK(hosts.first_rest_ends() == 86'400'000);
  hosts.rest(2, 86'420'000);  // a little longer than is known: of our own making
  hosts.rests_end_early([](std::string const&) { return 86'400'000; });
  CHECK(hosts.first_rest_ends() == 86'420'000);
}

TEST_CASE("stocks that are read again give what came back, and nothing that is in a hand") {
  specimen_hosts hosts{{{1, "a", 3}}, room_for_two};
  serve(hosts, 3);
  auto const first = hosts.take(0);
  auto const second = hosts.take(0);
  REQUIRE(second);
  hosts.released(*first);  // done with
  // By another's word the first is pending again, and a host has images that had none.
  hosts.read_again({{1, "a", 3}, {7, "new", 1}});
  serve(hosts, 3);
  hosts.released(*second);
  std::vector<std::int64_t> ids;
  while (auto const next = hosts.take(0)) {
    if (next->host == 1) ids.push_back(next->id.gbif_id);
    hosts.released(*next);
  }
  CHECK(ids == std::vector<std::int64_t>{1, 3});
}

TEST_CASE("what was done with while a stock was being read is not in it") {
  specimen_hosts hosts{{{1, "a", 3}}, room_for_two};
  auto const wishes = hosts.wishes(0);
  REQUIRE(wishes.size() == 1);
  hosts.stock(wishes.front(), {job(1, 1), job(1, 2)},
              [](specimen_job const& read) { return read.id.gbif_id == 1; });
  auto const next = hosts.take(0);
  REQUIRE(next);
  CHECK(next->id.gbif_id == 2);
}
