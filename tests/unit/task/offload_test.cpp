// SPDX-License-Identifier: MIT
#include "task/offload.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "unit/task/loop_fixture.hpp"

using namespace vinny;
using namespace std::chrono_literals;

TEST_CASE("work runs on the pool and its value comes back on the loop") {
  asio::thread_pool pool{2};
  test_loop loop;
  auto const home = std::this_thread::get_id();
  std::thread::id there;
  loop.start([&]() -> task<> {
    auto const value = co_await offload(pool, [&, part = std::make_unique<int>(40)] {
      there = std::this_thread::get_id();
      return std::make_unique<int>(*part + 2);
    });
    CHECK(std::this_thread::get_id() == home);
    CHECK(*value == 42);
  });
  CHECK(loop.finish());
  CHECK(there != std::thread::id{});
  CHECK(there != home);
}

TEST_CASE("an exception of the work is thrown where it is awaited") {
  asio::thread_pool pool{1};
  test_loop loop;
  std::string caught;
  loop.start([&]() -> task<> {
    try {
      (void)co_await offload(pool, []() -> int { throw std::runtime_error{"in the pool"}; });
    } catch (std::runtime_error const& e) {
      caught = e.what();
    }
  });
  CHECK(loop.finish());
  CHECK(caught == "in the pool");
}

TEST_CASE("the loop goes on while the pool works") {
  asio::thread_pool pool{1};
  test_loop loop;
  std::promise<void> release;
  bool done = false;
  loop.start([&]() -> task<> {
    done = co_await offload(pool, [go = release.get_future().share()] {
      go.wait();
      return true;
    });
  });
  int turns = 0;
  loop.start([&]() -> task<> {
    for (; turns < 100; ++turns) co_await yield();
    CHECK_FALSE(done);
    release.set_value();
  });
  CHECK(loop.finish());
  CHECK(turns == 100);
  CHECK(done);
}

TEST_CASE("a cancelled caller stays until its work has ended") {
  asio::thread_pool pool{1};
  test_loop loop;
  std::promise<void> release;
  bool went_on = false;
  std::string seen;
  auto& group = loop.start([&]() -> task<> {
    std::string frame(1000, 'x');
    auto const size = co_await offload(pool, [&frame, go = release.get_future().share()] {
      go.wait();
      return frame.size();
    });
    seen = std::to_string(size);
    co_await yield();
    went_on = true;
  });
  loop.settle();
  loop.cancel(group);
  loop.settle();
  CHECK(group.size() == 1);
  release.set_value();
  CHECK(loop.finish());
  CHECK(seen == "1000");
  CHECK_FALSE(went_on);
}

TEST_CASE("thousands of jobs on several threads, cancelled at random, each run once or never") {
  std::mt19937 random{19};
  asio::thread_pool pool{4};
  test_loop loop;
  std::atomic<int> ran = 0;
  int resumed = 0;
  int begun = 0;
  std::vector<task_group*> all;
  for (int i = 0; i < 3000; ++i) {
    all.push_back(&loop.start([&, i]() -> task<> {
      ++begun;
      std::string frame = std::to_string(i);
      auto const back = co_await offload(pool, [&ran, &frame] {
        ran.fetch_add(1, std::memory_order_relaxed);
        return frame + "!";
      });
      ++resumed;
      CHECK(back == frame + "!");
      co_await yield();
    }));
    if (i % 3 == 0) loop.cancel(*all[below(random, all.size())]);
    for (auto k = below(random, 4); k > 0; --k) loop.turn();
  }
  CHECK(loop.finish());
  CHECK(resumed == ran.load());
  CHECK(resumed <= begun);
  CHECK(resumed > 1500);
}
