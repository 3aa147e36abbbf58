// SPDX-License-Identifier: MIT
//
// A loop that a test turns by hand, so that what happens between two steps is decided by the
// test and not by the clock.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "task/task_group.hpp"

namespace vinny {

/// Keeps a coroutine lambda alive for as long as its coroutine.
template <class Body>
task<> kept(Body body) {
  co_await body();
}

class test_loop {
 public:
  test_loop() = default;
  test_loop(test_loop const&) = delete;
  test_loop& operator=(test_loop const&) = delete;
  ~test_loop() {
    for (auto const& one : groups_) cancel(*one);
    context_.restart();
    context_.run_for(std::chrono::seconds{2});
  }

  /// A group of its own for a coroutine, to cancel it alone.
  template <class Body>
  task_group& start(Body body) {
    groups_.push_back(std::make_unique<task_group>(context_.get_executor()));
    groups_.back()->spawn("test", kept(std::move(body)));
    return *groups_.back();
  }
  /// Runs everything that is ready; waits for nothing.
  void settle() {
    context_.restart();
    context_.poll();
  }
  /// Does something on the loop, where task_group::cancel() must be called.
  template <class Work>
  void on_loop(Work work) {
    asio::post(context_, std::move(work));
    settle();
  }
  /// Cancels a group as soon as the loop gets to it.
  void cancel(task_group& group) {
    asio::post(context_, [&group] { group.cancel(); });
  }
  /// Runs one thing that is ready.
  void turn() {
    context_.restart();
    context_.poll_one();
  }
  /// Runs until nothing is left to do, or two seconds are over. False: something still waits.
  [[nodiscard]] bool finish() {
    context_.restart();
    context_.run_for(std::chrono::seconds{2});
    for (auto const& one : groups_) {
      if (one->size() != 0) return false;
    }
    return true;
  }

 private:
  asio::io_context context_{1};
  std::vector<std::unique_ptr<task_group>> groups_;
};

/// A random number below `end`.
inline std::size_t below(std::mt19937& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>{0, end - 1}(random);
}

}  // namespace vinny
