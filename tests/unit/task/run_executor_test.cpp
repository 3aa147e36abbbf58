// SPDX-License-Identifier: MIT
#include "task/run_executor.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

#include "task/offload.hpp"
#include "task/task_group.hpp"

using namespace vinny;
using namespace std::chrono_literals;

namespace {

std::string present() {
  auto const run = current_run();
  return run ? *run : "none";
}

}  // namespace

TEST_CASE("what goes on in a run carries its id, however often it waits, and others do not") {
  asio::io_context loop{1};
  asio::thread_pool pool{2};
  std::string seen;
  auto const body = [&](std::string id) -> task<> {
    for (int i = 0; i < 20; ++i) {
      CHECK(present() == id);
      co_await sleep_for(1ms);
      CHECK(present() == id);
      CHECK(co_await offload(pool, present) == id);
      CHECK(present() == id);
      co_await with_group([&](task_group& group) -> task<bool> {
        group.spawn("child", [](std::string of) -> task<> {
          co_await sleep_for(1ms);
          CHECK(present() == of);
        }(id));
        co_return true;
      });
      CHECK(present() == id);
    }
    seen += id;
  };
  for (auto const* const id : {"A", "B"}) {
    asio::co_spawn(executor_of_run(loop.get_executor(), id), body(id), asio::detached);
  }
  asio::co_spawn(loop, body("none"), asio::detached);
  loop.run();
  std::ranges::sort(seen);
  CHECK(seen == "ABenno");
  CHECK(present() == "none");
}
