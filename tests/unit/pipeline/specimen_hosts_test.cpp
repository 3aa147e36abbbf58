// SPDX-License-Identifier: MIT
#include "pipeline/specimen_hosts.hpp"

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

specimen_hosts three() {
  specimen_hosts out;
  out.open({{1, "a", 9}, {2, "b", 9}, {3, "c", 9}});
  return out;
}

}  // namespace

TEST_CASE("hosts take turns, and only while they have room") {
  auto hosts = three();
  std::vector<std::int64_t> order;
  while (auto const turn = hosts.next(0, room_for_two)) {
    order.push_back(turn->id);
    auto const found = std::vector{job(turn->id, static_cast<std::int64_t>(order.size()))};
    hosts.claimed(*turn, found, true);
    hosts.took(turn->id);
  }
  CHECK(order == std::vector<std::int64_t>{1, 2, 3, 1, 2, 3});
  hosts.released(2);
  auto const next = hosts.next(0, room_for_two);
  REQUIRE(next);
  CHECK(next->id == 2);
  CHECK(next->room == 1);
  CHECK(next->in_hand == 1);
}

TEST_CASE("a host that rests is passed over, and begins again where it was put off") {
  auto hosts = three();
  auto const first = hosts.next(0, room_for_two);
  REQUIRE(first);
  hosts.claimed(*first, {job(1, 10), job(1, 20)}, true);
  hosts.rest(1, specimen_image_id{10, 0}.number(), 500);
  std::vector<std::int64_t> order;
  for (int i = 0; i < 3; ++i) order.push_back(hosts.next(100, room_for_two)->id);
  CHECK(order == std::vector<std::int64_t>{2, 3, 2});
  CHECK(hosts.next_rest_ends(100) == 500);
  CHECK(hosts.any_open(100));
  std::optional<specimen_hosts::turn> turn;
  do {
    turn = hosts.next(500, room_for_two);
    REQUIRE(turn);
  } while (turn->id != 1);
  CHECK(turn->after == specimen_image_id{10, 0}.number() - 1);
}

TEST_CASE("a host without more is not asked again, until one of its images comes back") {
  specimen_hosts hosts;
  hosts.open({{1, "a", 1}});
  auto const turn = hosts.next(0, room_for_two);
  REQUIRE(turn);
  hosts.claimed(*turn, {job(1, 10)}, false);
  CHECK_FALSE(hosts.next(0, room_for_two));
  CHECK_FALSE(hosts.any_open(0));
  CHECK_FALSE(hosts.next_rest_ends(0));
  hosts.rest(1, specimen_image_id{10, 0}.number(), 50);
  CHECK(hosts.next_rest_ends(0) == 50);
  CHECK(hosts.next(50, room_for_two));
}
