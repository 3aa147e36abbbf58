// SPDX-License-Identifier: MIT
#include "task/condition.hpp"

#include <catch2/catch.hpp>

#include "unit/task/loop_fixture.hpp"

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("waiters are woken in the order in which they came") {
  condition changed;
  std::vector<int> woken;
  test_loop loop;
  for (int i = 0; i < 3; ++i) {
    loop.start([&, i]() -> task<> {
      CHECK(co_await changed.wait());
      woken.push_back(i);
    });
  }
  loop.settle();
  REQUIRE(changed.waiting() == 3);
  changed.notify_one();
  CHECK(woken.empty());  // it resumes by the loop, not inside the call
  loop.settle();
  CHECK(woken == std::vector{0});
  changed.notify_one();
  changed.notify_one();
  CHECK(loop.finish());
  CHECK(woken == std::vector{0, 1, 2});
}

TEST_CASE("a notice that nobody waits for is not kept") {
  condition changed;
  changed.notify_one();
  changed.notify_all();
  bool woken = true;
  test_loop loop;
  loop.start([&]() -> task<> { woken = co_await changed.wait(within(1ms)); });
  CHECK(loop.finish());
  CHECK_FALSE(woken);
}

TEST_CASE("notify_all wakes those who wait now, once") {
  condition changed;
  int woken = 0;
  test_loop loop;
  for (int i = 0; i < 3; ++i) {
    loop.start([&]() -> task<> {
      for (;;) {
        (void)co_await changed.wait();
        ++woken;
      }
    });
  }
  loop.settle();
  changed.notify_all();
  loop.settle();
  CHECK(woken == 3);
  CHECK(changed.waiting() == 3);
}

TEST_CASE("a deadline ends the wait and the place in the line") {
  condition changed;
  std::vector<bool> outcomes;
  test_loop loop;
  loop.start([&]() -> task<> { outcomes.push_back(co_await changed.wait(within(1ms))); });
  loop.start([&]() -> task<> { outcomes.push_back(co_await changed.wait(clock::now() - 1h)); });
  CHECK(loop.finish());
  CHECK(outcomes == std::vector{false, false});
  CHECK(changed.waiting() == 0);
}

TEST_CASE("a notice that comes before the loop sees the deadline counts") {
  condition changed;
  bool woken = false;
  test_loop loop;
  loop.start([&]() -> task<> { woken = co_await changed.wait(clock::now() - 1h); });
  while (changed.waiting() == 0) loop.turn();
  changed.notify_one();
  CHECK(loop.finish());
  CHECK(woken);
}

TEST_CASE("a cancelled waiter leaves the line and never goes on") {
  condition changed;
  bool went_on = false;
  test_loop loop;
  auto& group = loop.start([&]() -> task<> {
    (void)co_await changed.wait();
    co_await yield();
    went_on = true;
  });
  loop.settle();
  loop.cancel(group);
  loop.settle();
  CHECK(group.size() == 0);
  CHECK(changed.waiting() == 0);
  CHECK_FALSE(went_on);
}

TEST_CASE("a waiter that is cancelled after its notice passes the notice on") {
  condition changed;
  std::vector<int> woken;
  test_loop loop;
  auto const wait = [&](int i) {
    return [&, i]() -> task<> {
      bool const notified = co_await changed.wait();
      co_await yield();
      if (notified) woken.push_back(i);
    };
  };
  auto& first = loop.start(wait(0));
  auto& second = loop.start(wait(1));
  loop.start(wait(2));
  loop.settle();
  loop.on_loop([&] {
    changed.notify_one();
    first.cancel();
  });
  CHECK(woken == std::vector{1});
  CHECK(changed.waiting() == 1);

  SECTION("also along a line of cancelled ones") {
    auto& third = loop.start(wait(3));
    auto& fourth = loop.start(wait(4));
    loop.start(wait(5));
    loop.settle();
    loop.on_loop([&] {
      changed.notify_one();  // for 2
      changed.notify_one();  // for 3
      third.cancel();
      fourth.cancel();
    });
    CHECK(woken == std::vector{1, 2, 5});
  }
  CHECK(second.size() == 0);
}

TEST_CASE("no notice is lost among thousands of waiters and random cancellations") {
  std::mt19937 random{7};
  condition changed;
  int units = 0;
  int taken = 0;
  test_loop loop;
  std::vector<task_group*> all;
  for (int i = 0; i < 3000; ++i) {
    all.push_back(&loop.start([&]() -> task<> {
      while (units == 0) (void)co_await changed.wait();
      --units;
      ++taken;
      co_await yield();
    }));
  }
  loop.settle();
  constexpr int made = 1500;
  for (int i = 0; i < made; ++i) {
    ++units;
    changed.notify_one();
    // At most half of them: there are always enough to take what was made.
    if (i % 2 == 0) loop.cancel(*all[below(random, all.size())]);
    if (below(random, 4) == 0) loop.settle();
  }
  loop.settle();
  CHECK(units == 0);
  CHECK(taken == made);
}
