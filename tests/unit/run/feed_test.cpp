// SPDX-License-Identifier: MIT
#include "run/feed.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>

#include "unit/task/loop_fixture.hpp"

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("events are numbered from 1 and told after a number") {
  run_feed feed;
  CHECK(feed.last() == 0);
  CHECK(feed.after(0).empty());
  feed.add("progress", "{\"a\":1}");
  feed.add("finished", "{}");
  auto const all = feed.after(0);
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == 1);
  CHECK(all[0].kind == "progress");
  CHECK(all[0].data == "{\"a\":1}");
  CHECK(feed.after(1).size() == 1);
  CHECK(feed.after(1)[0].kind == "finished");
  CHECK(feed.after(2).empty());
  CHECK(feed.after(99).empty());
}

TEST_CASE("a slow reader misses the oldest events, the ring stays bounded") {
  run_feed feed;
  constexpr auto size = static_cast<std::int64_t>(run_feed::ring_size);
  for (std::int64_t i = 1; i <= size; ++i) feed.add("log", std::to_string(i));
  CHECK(feed.after(0).size() == run_feed::ring_size);
  CHECK(feed.after(0).front().id == 1);
  feed.add("log", "one more");
  auto const left = feed.after(0);
  CHECK(left.size() == run_feed::ring_size);
  CHECK(left.front().id == 2);
  CHECK(left.back().id == size + 1);
  CHECK(feed.last() == size + 1);
}

TEST_CASE("a closed feed takes nothing and gives what it has") {
  run_feed feed;
  feed.add("log", "1");
  feed.close();
  feed.add("log", "2");
  CHECK(feed.closed());
  CHECK(feed.last() == 1);
  CHECK(feed.after(0).size() == 1);
}

TEST_CASE("readers wait for more, for the end, or for their deadline") {
  run_feed feed;
  std::string told;
  test_loop loop;
  for (char const reader : {'a', 'b'}) {
    loop.start([&, reader]() -> task<> {
      std::int64_t seen = 0;
      while (!feed.closed()) {
        (void)co_await feed.wait(seen, no_deadline);
        for (auto const& one : feed.after(seen)) told += reader + one.data + ' ';
        seen = feed.last();
      }
      told += reader;
      told += "end ";
    });
  }
  loop.settle();
  CHECK(told.empty());
  feed.add("log", "1");
  loop.settle();
  CHECK(told == "a1 b1 ");
  feed.close();
  CHECK(loop.finish());
  CHECK(told == "a1 b1 aend bend ");

  run_feed quiet;
  bool more = true;
  bool at_once = false;
  loop.start([&]() -> task<> {
    more = co_await quiet.wait(0, within(1ms));
    quiet.add("log", "1");
    at_once = co_await quiet.wait(0, within(1ms));
  });
  CHECK(loop.finish());
  CHECK_FALSE(more);
  CHECK(at_once);
}
