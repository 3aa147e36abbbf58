// SPDX-License-Identifier: MIT
//
// Coroutines that belong together: spawned by name, cancelled together, joined. There are no
// detached coroutines. Declare the group after everything that its members use.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>

#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "task/condition.hpp"

namespace vinny {

class task_group {
 public:
  explicit task_group(asio::any_io_executor loop) : loop_(std::move(loop)) {}
  task_group(task_group const&) = delete;
  task_group& operator=(task_group const&) = delete;
  /// Every member must have ended: join() first.
  ~task_group();

  /// Starts a member. An exception that escapes it, other than cancellation, is a defect: it is
  /// logged with the name and ends the process.
  void spawn(std::string name, task<> body);
  /// Emits terminal cancellation to every member, and to those that are spawned later; call on
  /// the loop.
  void cancel();
  /// Emits it to the present members only.
  void cancel_members();
  /// Waits until every member has ended.
  [[nodiscard]] task<> join();

  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }

 private:
  struct member {
    std::string name;
    asio::cancellation_signal signal;
  };
  void ended(std::list<std::shared_ptr<member>>::iterator place, std::exception_ptr const& error);

  asio::any_io_executor loop_;
  std::list<std::shared_ptr<member>> members_;
  bool cancelled_ = false;
  condition empty_;
};

/// True when an exception is a cancellation.
[[nodiscard]] bool is_cancellation(std::exception_ptr const& error) noexcept;

/// Runs `body(group)` and joins the group before it returns, whatever happens: members may use
/// what lives in the caller's frame. When the body throws, or the caller is cancelled while it
/// waits for the members, they are cancelled too, and the exception goes on after they have ended.
template <class Body>
[[nodiscard]] auto with_group(Body body) -> std::invoke_result_t<Body&, task_group&> {
  using value = typename std::invoke_result_t<Body&, task_group&>::value_type;
  task_group group{co_await asio::this_coro::executor};
  std::exception_ptr stopped;
  std::optional<value> out;
  try {
    out.emplace(co_await body(group));
    co_await group.join();
  } catch (...) {
    stopped = std::current_exception();
  }
  if (stopped) {
    // Joining must itself be out of the cancellation's reach.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    group.cancel();
    co_await group.join();
    std::rethrow_exception(stopped);
  }
  co_return std::move(*out);
}

}  // namespace vinny
