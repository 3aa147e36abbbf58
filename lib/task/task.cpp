// SPDX-License-Identifier: MIT
#include "task/task.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace vinny {

task<> sleep_until(clock::time_point at) {
  asio::steady_timer timer{co_await asio::this_coro::executor, at};
  co_await timer.async_wait(asio::use_awaitable);
}

task<> sleep_for(clock::duration span) {
  return sleep_until(clock::now() + span);
}

task<> yield() {
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

}  // namespace vinny
