// SPDX-License-Identifier: MIT
#include "task/run_executor.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <catch2/catch.hpp>

#include <string>

#include "task/offload.hpp"
#include "task/task_group.hpp"

using namespace vinny;
using namespace std::chrono_literals;

namespace {

constexpr auto const* first = "01M8QNMEACWVM024ED3MB0XGYJ";
constexpr auto const* second = "01M8QPS8DXC90P3N454W6ZPWBJ";

std::string present() {
  auto const run = current_run().text();
  return run.empty() ? "none" : run;
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
  for (auto const* const id : {first, second}) {
    asio::co_spawn(executor_of_run(loop.get_executor(), id), body(id), asio::detached);
  }
  asio::co_spawn(loop, body("none"), asio::detached);
  loop.run();
  CHECK(seen.size() == 2 * 26 + 4);
  for (auto const* const id : {first, second, "none"}) CHECK(seen.contains(id));
  CHECK(present() == "none");
}
