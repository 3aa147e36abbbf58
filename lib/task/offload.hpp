// SPDX-License-Identifier: MIT
//
// Work that computes or blocks, done on a pool while the loop goes on.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "observe/log.hpp"
#include "task/task.hpp"

namespace vinny {

/// Runs `work()` on the pool and resumes on the loop with its value. Values in, values out: the
/// work may outlast a cancelled caller's patience but never its frame, since the wait itself is
/// not cancellable (its cancellation slot is empty on purpose: cancelling across threads is a
/// use-after-free in Boost 1.81).
template <class Work>
[[nodiscard]] task<std::invoke_result_t<Work>> offload(asio::thread_pool& pool, Work work) {
  using value = std::invoke_result_t<Work>;
  struct state {
    std::optional<value> out;
    std::exception_ptr error;
  };
  auto const shared = std::make_shared<state>();
  auto token = asio::bind_cancellation_slot(asio::cancellation_slot{}, asio::use_awaitable);
  co_await asio::async_initiate<decltype(token), void()>(
      [&pool, shared](auto handler, Work job) {
        auto const home = asio::get_associated_executor(handler);
        asio::post(pool, [shared, job = std::move(job), handler = std::move(handler),
                          guard = asio::make_work_guard(home), run = current_run()]() mutable {
          run_scope const scope{run};
          try {
            shared->out.emplace(job());
          } catch (...) {
            shared->error = std::current_exception();
          }
          asio::post(guard.get_executor(), std::move(handler));
        });
      },
      token, std::move(work));
  if (shared->error) std::rethrow_exception(shared->error);
  co_return std::move(*shared->out);
}

}  // namespace vinny
