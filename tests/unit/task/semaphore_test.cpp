// SPDX-License-Identifier: MIT
#include "task/semaphore.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <string>

#include "unit/task/loop_fixture.hpp"

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("a permit goes back when it dies, is moved over or released") {
  semaphore gate{2};
  test_loop loop;
  loop.start([&]() -> task<> {
    {
      auto one = co_await gate.acquire();
      auto two = co_await gate.acquire();
      CHECK(one);
      CHECK(two);
      CHECK(gate.free() == 0);
      auto moved = std::move(one);
      CHECK_FALSE(one);  // NOLINT(bugprone-use-after-move): that it is empty is the point
      CHECK(gate.free() == 0);
      moved = std::move(two);
      CHECK(gate.free() == 1);
      moved.release();
      moved.release();
      CHECK(gate.free() == 2);
      moved = co_await gate.acquire();
      CHECK(gate.free() == 1);
    }
    CHECK(gate.free() == 2);
  });
  CHECK(loop.finish());
}

TEST_CASE("permits are given in the order in which they were asked for") {
  semaphore gate{1};
  std::vector<int> order;
  test_loop loop;
  for (int i = 0; i < 5; ++i) {
    loop.start([&, i]() -> task<> {
      auto const permit = co_await gate.acquire();
      order.push_back(i);
      co_await yield();
    });
  }
  CHECK(loop.finish());
  CHECK(order == std::vector{0, 1, 2, 3, 4});
}

TEST_CASE("one that gives back and asks again at once does not overtake the line") {
  semaphore gate{1};
  std::vector<char> order;
  test_loop loop;
  for (char const who : {'a', 'b'}) {
    loop.start([&, who]() -> task<> {
      for (int i = 0; i < 3; ++i) {
        auto const permit = co_await gate.acquire();
        order.push_back(who);
        co_await yield();
      }
    });
  }
  CHECK(loop.finish());
  CHECK(std::string(order.begin(), order.end()) == "ababab");
}

TEST_CASE("a deadline gives an empty permit and leaves the line") {
  semaphore gate{1};
  test_loop loop;
  bool second = true;
  loop.start([&]() -> task<> {
    auto const first = co_await gate.acquire(within(1ms));
    CHECK(first);
    second = static_cast<bool>(co_await gate.acquire(within(1ms)));
  });
  CHECK(loop.finish());
  CHECK_FALSE(second);
  CHECK(gate.free() == 1);
  CHECK(gate.waiting() == 0);
}

TEST_CASE("a cancelled holder's permit comes back") {
  semaphore gate{1};
  condition never;
  bool second_has_it = false;
  test_loop loop;
  auto& holder = loop.start([&]() -> task<> {
    auto const permit = co_await gate.acquire();
    (void)co_await never.wait();
  });
  loop.start([&]() -> task<> {
    auto const permit = co_await gate.acquire();
    second_has_it = true;
  });
  loop.settle();
  CHECK_FALSE(second_has_it);
  loop.cancel(holder);
  CHECK(loop.finish());
  CHECK(second_has_it);
  CHECK(gate.free() == 1);
}

TEST_CASE("one that is cancelled when its permit comes passes it on") {
  semaphore gate{1};
  std::optional<semaphore::permit> held;
  std::vector<int> got;
  test_loop loop;
  loop.start([&]() -> task<> { held = co_await gate.acquire(); });
  loop.settle();
  auto const ask = [&](int i) {
    return [&, i]() -> task<> {
      auto const permit = co_await gate.acquire();
      co_await yield();
      got.push_back(i);
    };
  };
  auto& first = loop.start(ask(1));
  loop.start(ask(2));
  loop.settle();
  loop.on_loop([&] {
    held->release();
    first.cancel();
  });
  CHECK(loop.finish());
  CHECK(got == std::vector{2});
  CHECK(gate.free() == 1);
}

TEST_CASE("a semaphore can grow and shrink while permits are out") {
  semaphore gate{1};
  int in = 0;
  condition leave;
  test_loop loop;
  for (int i = 0; i < 3; ++i) {
    loop.start([&]() -> task<> {
      auto const permit = co_await gate.acquire();
      ++in;
      (void)co_await leave.wait();
      --in;
    });
  }
  loop.settle();
  CHECK(in == 1);
  gate.resize(1);
  loop.settle();
  CHECK(in == 2);
  gate.resize(-1);
  CHECK(gate.free() == -1);
  leave.notify_one();
  loop.settle();
  CHECK(in == 1);  // the permit that came back is the one that went
  leave.notify_one();
  loop.settle();
  CHECK(in == 1);
  leave.notify_all();
  CHECK(loop.finish());
  CHECK(gate.free() == 1);
}

TEST_CASE("thousands with random deadlines and cancellations never exceed the permits") {
  std::mt19937 random{11};
  semaphore gate{4};
  int in = 0;
  int most = 0;
  int served = 0;
  test_loop loop;
  std::vector<task_group*> all;
  for (int i = 0; i < 4000; ++i) {
    auto const limit = i % 7 == 0 ? within(std::chrono::milliseconds{i % 20}) : no_deadline;
    all.push_back(&loop.start([&, limit, turns = below(random, 3)]() -> task<> {
      auto const permit = co_await gate.acquire(limit);
      if (!permit) co_return;
      struct visit {
        int& in;
        ~visit() { --in; }
      } const here{in};
      most = std::max(most, ++in);
      for (std::size_t k = 0; k < turns; ++k) co_await yield();
      ++served;
    }));
    if (i % 3 == 0) loop.cancel(*all[below(random, all.size())]);
    if (i % 50 == 0) loop.turn();
  }
  CHECK(loop.finish());
  CHECK(most == 4);
  CHECK(served > 1000);
  CHECK(in == 0);
  CHECK(gate.free() == 4);
  CHECK(gate.waiting() == 0);
}

TEST_CASE("lines of different shares are served in turn, however long they are") {
  semaphore gate{1};
  std::string order;
  test_loop loop;
  auto const ask = [&](std::string_view share, char mark) {
    loop.start([&, share, mark]() -> task<> {
      auto const permit = co_await gate.acquire(no_deadline, share);
      order += mark;
      co_await yield();
    });
  };
  for (int i = 0; i < 6; ++i) ask("bulk", 'b');
  for (int i = 0; i < 2; ++i) ask("pages", 'p');
  ask("search", 's');
  CHECK(loop.finish());
  CHECK(order == "bbpsbpbbb");
  CHECK(gate.free() == 1);
}

TEST_CASE("a share whose only waiter goes away leaves its permit to the others") {
  semaphore gate{1};
  bool given = false;
  test_loop loop;
  loop.start([&]() -> task<> {
    auto held = co_await gate.acquire();
    co_await sleep_for(30ms);
    held.release();
  });
  loop.start([&]() -> task<> { CHECK_FALSE(co_await gate.acquire(within(10ms), "hasty")); });
  loop.start([&]() -> task<> {
    auto const permit = co_await gate.acquire(no_deadline, "patient");
    given = static_cast<bool>(permit);
  });
  CHECK(loop.finish());
  CHECK(given);
  CHECK(gate.free() == 1);
  CHECK(gate.waiting() == 0);
}
