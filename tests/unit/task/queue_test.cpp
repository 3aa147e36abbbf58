// SPDX-License-Identifier: MIT
#include "task/queue.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <numeric>

#include "unit/task/loop_fixture.hpp"

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("items come out in the order in which they went in") {
  queue<std::unique_ptr<int>> line{3};
  std::vector<int> out;
  test_loop loop;
  loop.start([&]() -> task<> {
    while (auto item = co_await line.pop()) out.push_back(**item);
  });
  loop.start([&]() -> task<> {
    for (int i = 0; i < 10; ++i) CHECK(co_await line.push(std::make_unique<int>(i)));
    line.close();
  });
  CHECK(loop.finish());
  std::vector<int> expected(10);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(out == expected);
}

TEST_CASE("a full queue makes the pusher wait for room") {
  queue<int> line{2};
  int pushed = 0;
  test_loop loop;
  loop.start([&]() -> task<> {
    for (int i = 0; i < 4; ++i) {
      CHECK(co_await line.push(i));
      ++pushed;
    }
  });
  loop.settle();
  CHECK(pushed == 2);
  CHECK(line.size() == line.capacity());
  loop.start([&]() -> task<> { CHECK(co_await line.pop() == 0); });
  loop.settle();
  CHECK(pushed == 3);
  CHECK(line.size() == 2);
  loop.start([&]() -> task<> { CHECK(co_await line.pop() == 1); });
  CHECK(loop.finish());
  CHECK(pushed == 4);
}

TEST_CASE("a closed queue takes nothing and gives what is inside") {
  queue<int> line{4};
  test_loop loop;
  loop.start([&]() -> task<> {
    CHECK(co_await line.push(1));
    CHECK(co_await line.push(2));
    line.close();
    CHECK(line.closed());
    CHECK_FALSE(co_await line.push(3));
    CHECK(co_await line.pop() == 1);
    CHECK(co_await line.pop() == 2);
    CHECK(co_await line.pop() == std::nullopt);
    CHECK(co_await line.pop() == std::nullopt);
  });
  CHECK(loop.finish());
}

TEST_CASE("closing wakes everyone who waits") {
  queue<int> empty{1};
  queue<int> full{1};
  int ended = 0;
  test_loop loop;
  loop.start([&]() -> task<> { CHECK(co_await full.push(0)); });
  for (int i = 0; i < 3; ++i) {
    loop.start([&]() -> task<> {
      CHECK(co_await empty.pop() == std::nullopt);
      ++ended;
    });
    loop.start([&]() -> task<> {
      CHECK_FALSE(co_await full.push(1));
      ++ended;
    });
  }
  loop.settle();
  CHECK(ended == 0);
  empty.close();
  full.close();
  CHECK(loop.finish());
  CHECK(ended == 6);
  CHECK(full.size() == 1);
}

TEST_CASE("push and pop give up at their deadline") {
  queue<int> line{1};
  test_loop loop;
  loop.start([&]() -> task<> {
    CHECK(co_await line.pop(within(1ms)) == std::nullopt);
    CHECK(co_await line.push(1, within(1ms)));
    CHECK_FALSE(co_await line.push(2, within(1ms)));
    CHECK_FALSE(line.closed());
    CHECK(co_await line.pop(within(1ms)) == 1);
  });
  CHECK(loop.finish());
}

TEST_CASE("a consumer that is cancelled when an item comes leaves it to the next") {
  queue<int> line{2};
  std::vector<int> got;
  test_loop loop;
  auto const consume = [&]() -> task<> {
    auto const item = co_await line.pop();
    if (item) got.push_back(*item);
  };
  auto& first = loop.start([&]() -> task<> {
    co_await yield();
    (void)co_await line.pop();
  });
  loop.settle();
  loop.start(consume);
  loop.settle();
  loop.start([&]() -> task<> {
    CHECK(co_await line.push(5));
    first.cancel();
  });
  CHECK(loop.finish());
  CHECK(got == std::vector{5});
}

TEST_CASE("one item each, though many were pushed before anyone ran") {
  queue<int> line{3};
  int got = 0;
  test_loop loop;
  for (int i = 0; i < 3; ++i) {
    loop.start([&]() -> task<> {
      if (co_await line.pop()) ++got;
    });
  }
  loop.settle();
  loop.start([&]() -> task<> {
    for (int i = 0; i < 3; ++i) CHECK(co_await line.push(i));
  });
  CHECK(loop.finish());
  CHECK(got == 3);
}

TEST_CASE("no item is lost or doubled among many producers and cancelled consumers") {
  std::mt19937 random{13};
  queue<int> line{5};
  constexpr int producers = 40;
  constexpr int each = 50;
  std::vector<int> seen(producers * each, 0);
  test_loop loop;
  int going = producers;
  for (int p = 0; p < producers; ++p) {
    loop.start([&, p]() -> task<> {
      for (int i = 0; i < each; ++i) {
        CHECK(co_await line.push(p * each + i));
        if ((p + i) % 3 == 0) co_await yield();
      }
      if (--going == 0) line.close();
    });
  }
  std::vector<task_group*> consumers;
  auto const consume = [&]() -> task<> {
    // An item is noted before the next co_await, where a cancellation ends the coroutine.
    while (auto const item = co_await line.pop()) {
      ++seen[static_cast<std::size_t>(*item)];
      co_await yield();
    }
  };
  for (int i = 0; i < 1000; ++i) {
    consumers.push_back(&loop.start(consume));
    loop.cancel(*consumers[below(random, consumers.size())]);
    for (auto k = below(random, 8); k > 0; --k) loop.turn();
  }
  loop.start(consume);
  CHECK(loop.finish());
  CHECK(std::ranges::all_of(seen, [](int count) { return count == 1; }));
}
