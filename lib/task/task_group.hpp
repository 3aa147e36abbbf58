// SPDX-License-Identifier: MIT
//
// Coroutines that belong together: spawned by name, cancelled together, joined. There are no
// detached coroutines. Declare the group after everything that its members use.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <list>
#include <memory>
#include <string>

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
  /// Emits terminal cancellation to every member; call on the loop.
  void cancel();
  /// Waits until every member has ended.
  [[nodiscard]] task<> join();

  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }

 private:
  struct member {
    std::string name;
    asio::cancellation_signal signal;
  };
  void ended(std::list<std::shared_ptr<member>>::iterator place, std::exception_ptr error);

  asio::any_io_executor loop_;
  std::list<std::shared_ptr<member>> members_;
  bool cancelled_ = false;
  condition empty_;
};

/// True when an exception is a cancellation.
[[nodiscard]] bool is_cancellation(std::exception_ptr const& error) noexcept;

}  // namespace vinny
