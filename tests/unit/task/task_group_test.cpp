// SPDX-License-Identifier: MIT
#include "task/task_group.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <stdexcept>
#include <string>

#include "core/failure.hpp"
#include "unit/task/loop_fixture.hpp"

using namespace vinny;
using namespace std::chrono_literals;

namespace {

std::exception_ptr thrown(auto error) {
  return std::make_exception_ptr(error);
}

}  // namespace

TEST_CASE("join waits for every member") {
  asio::io_context context{1};
  task_group group{context.get_executor()};
  condition go;
  int ended = 0;
  bool joined = false;
  for (int i = 0; i < 3; ++i) {
    group.spawn("member", kept([&]() -> task<> {
                  (void)co_await go.wait();
                  ++ended;
                }));
  }
  task_group watcher{context.get_executor()};
  watcher.spawn("watcher", kept([&]() -> task<> {
                  co_await group.join();
                  joined = true;
                  CHECK(ended == 3);
                }));
  context.poll();
  CHECK(group.size() == 3);
  go.notify_one();
  context.poll();
  CHECK(group.size() == 2);
  CHECK_FALSE(joined);
  go.notify_all();
  context.run_for(1s);
  CHECK(joined);
  CHECK(group.size() == 0);
}

TEST_CASE("cancel ends the members and those that are spawned later") {
  asio::io_context context{1};
  task_group group{context.get_executor()};
  condition never;
  int went_on = 0;
  int unwound = 0;
  struct note {
    int& count;
    ~note() { ++count; }
  };
  auto const body = [&]() -> task<> {
    note const at_end{unwound};
    (void)co_await never.wait();
    co_await yield();
    ++went_on;
  };
  group.spawn("one", kept(body));
  context.poll();
  asio::post(context, [&] {
    group.cancel();
    CHECK(group.cancelled());
    group.spawn("two", kept(body));
  });
  context.restart();
  context.run_for(1s);
  CHECK(group.size() == 0);
  CHECK(went_on == 0);
  CHECK(unwound >= 1);  // a member that was cancelled before it began need not begin
  CHECK(never.waiting() == 0);
}

TEST_CASE("cancel_members leaves the group open for others") {
  asio::io_context context{1};
  task_group group{context.get_executor()};
  condition never;
  group.spawn("one", kept([&]() -> task<> { (void)co_await never.wait(); }));
  context.poll();
  asio::post(context, [&] { group.cancel_members(); });
  context.restart();
  context.poll();
  CHECK_FALSE(group.cancelled());
  CHECK(group.size() == 0);
  bool ran = false;
  group.spawn("two", kept([&]() -> task<> {
                co_await yield();
                ran = true;
              }));
  context.restart();
  context.run_for(1s);
  CHECK(group.size() == 0);
  CHECK(ran);
}

TEST_CASE("only operation_aborted is a cancellation") {
  using boost::system::system_error;
  CHECK(is_cancellation(thrown(system_error{asio::error::operation_aborted})));
  CHECK_FALSE(is_cancellation(thrown(system_error{asio::error::connection_reset})));
  CHECK_FALSE(is_cancellation(thrown(std::runtime_error{"x"})));
  CHECK_FALSE(is_cancellation(thrown(7)));
  CHECK_FALSE(is_cancellation(nullptr));
}

TEST_CASE("an exception that escapes a member ends the process") {
  auto const child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::close(STDERR_FILENO);
    asio::io_context context{1};
    task_group group{context.get_executor()};
    group.spawn("broken", kept([]() -> task<> {
                  co_await yield();
                  throw std::runtime_error{"a defect"};
                }));
    context.run_for(1s);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
}

TEST_CASE("with_group returns the body's value after the members have ended") {
  test_loop loop;
  int value = 0;
  loop.start([&]() -> task<> {
    std::vector<int> local;  // members use the caller's frame
    auto const out = co_await with_group([&](task_group& group) -> task<result<int>> {
      for (int i = 0; i < 3; ++i) {
        group.spawn("member", kept([&local, i]() -> task<> {
                      co_await sleep_for(1ms);
                      local.push_back(i);
                    }));
      }
      co_return 7;
    });
    CHECK(local.size() == 3);
    value = *out;
  });
  CHECK(loop.finish());
  CHECK(value == 7);
}

TEST_CASE("when the body throws, the members are cancelled and the exception goes on") {
  test_loop loop;
  condition never;
  std::string caught;
  loop.start([&]() -> task<> {
    int alive = 0;
    struct presence {
      int& alive;
      explicit presence(int& count) : alive(count) { ++alive; }
      ~presence() { --alive; }
    };
    try {
      (void)co_await with_group([&](task_group& group) -> task<result<>> {
        group.spawn("member", kept([&]() -> task<> {
                      presence const here{alive};
                      (void)co_await never.wait();
                    }));
        co_await yield();
        CHECK(alive == 1);
        throw std::runtime_error{"body"};
      });
    } catch (std::runtime_error const& e) {
      caught = e.what();
    }
    CHECK(alive == 0);
  });
  CHECK(loop.finish());
  CHECK(caught == "body");
}

TEST_CASE("with_group joins its members when it is cancelled, wherever it is") {
  bool const body_returns_at_once = GENERATE(false, true);
  CAPTURE(body_returns_at_once);
  test_loop loop;
  condition never;
  bool went_on = false;
  int unwound = 0;
  int left_before_members = 0;
  auto& group = loop.start([&]() -> task<> {
    struct frame {
      int& unwound;
      int& early;
      ~frame() { early += unwound == 3 ? 0 : 1; }
    } const local{unwound, left_before_members};
    (void)co_await with_group([&](task_group& members) -> task<result<>> {
      for (int i = 0; i < 3; ++i) {
        members.spawn("member", kept([&]() -> task<> {
                        struct note {
                          int& count;
                          ~note() { ++count; }
                        } const at_end{unwound};
                        (void)co_await never.wait();
                      }));
      }
      if (!body_returns_at_once) (void)co_await never.wait();
      co_return result<>{};
    });
    co_await yield();
    went_on = true;
  });
  loop.settle();
  REQUIRE(group.size() == 1);
  loop.cancel(group);
  CHECK(loop.finish());
  CHECK(unwound == 3);
  CHECK(left_before_members == 0);
  CHECK_FALSE(went_on);
}

TEST_CASE("thousands of members in nested groups, cancelled at random, all end") {
  std::mt19937 random{17};
  test_loop loop;
  int alive = 0;
  struct presence {
    int& alive;
    explicit presence(int& count) : alive(count) { ++alive; }
    ~presence() { --alive; }
  };
  std::vector<task_group*> all;
  for (int i = 0; i < 400; ++i) {
    all.push_back(&loop.start([&, turns = below(random, 12)]() -> task<> {
      presence const me{alive};
      (void)co_await with_group([&](task_group& members) -> task<result<>> {
        for (int k = 0; k < 8; ++k) {
          members.spawn("member", kept([&, k]() -> task<> {
                          presence const here{alive};
                          for (std::size_t n = 0; n < turns + static_cast<std::size_t>(k); ++n) {
                            co_await yield();
                          }
                        }));
        }
        for (std::size_t n = 0; n < turns / 2; ++n) co_await yield();
        co_return result<>{};
      });
    }));
    if (i % 2 == 0) loop.cancel(*all[below(random, all.size())]);
    for (auto k = below(random, 40); k > 0; --k) loop.turn();
  }
  CHECK(loop.finish());
  CHECK(alive == 0);
}
