// SPDX-License-Identifier: MIT
//
// The coroutine type, and time as the loop knows it. Everything in this folder runs on the loop
// thread unless it says otherwise: no object here is locked.
//
// Cancellation is terminal: a cancelled coroutine's next co_await throws operation_aborted, its
// destructors give back what it held, and its task group counts it as stopped, not failed.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace vinny {

namespace asio = boost::asio;

template <class T = void>
using task = asio::awaitable<T>;

/// An operation's error and results as values, where one expects it to fail.
inline constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

using clock = std::chrono::steady_clock;
/// When to give up, as an instant; passed as an argument to everything that waits.
using deadline = clock::time_point;

inline constexpr deadline no_deadline = deadline::max();

/// The earlier of a deadline and so long from now.
[[nodiscard]] inline deadline within(clock::duration span, deadline limit = no_deadline) {
  auto const at = clock::now() + span;
  return at < limit ? at : limit;
}

/// Sleeps; cancellable.
[[nodiscard]] task<> sleep_until(clock::time_point at);
[[nodiscard]] task<> sleep_for(clock::duration span);
/// Lets everything else that is ready run first.
[[nodiscard]] task<> yield();

}  // namespace vinny
