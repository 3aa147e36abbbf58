// SPDX-License-Identifier: MIT
//
// A bounded queue between coroutines. A short window onto a work list, never the list itself.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "task/condition.hpp"

namespace vinny {

template <class T>
class queue {
 public:
  explicit queue(std::size_t capacity) : capacity_(capacity) {}

  /// Waits for room. False: the queue was closed, or the deadline came first.
  [[nodiscard]] task<bool> push(T value, deadline limit = no_deadline) {
    while (!closed_ && items_.size() >= capacity_) {
      if (!co_await room_.wait(limit) && !closed_ && items_.size() >= capacity_) co_return false;
    }
    if (closed_) co_return false;
    items_.push_back(std::move(value));
    filled_.notify_one();
    co_return true;
  }

  /// Waits for an item. Nothing: closed and empty, or the deadline came first.
  [[nodiscard]] task<std::optional<T>> pop(deadline limit = no_deadline) {
    while (items_.empty() && !closed_) {
      if (!co_await filled_.wait(limit) && items_.empty() && !closed_) co_return std::nullopt;
    }
    if (items_.empty()) co_return std::nullopt;
    std::optional<T> item{std::move(items_.front())};
    items_.pop_front();
    room_.notify_one();
    // One notice wakes one consumer; what is left belongs to the next.
    if (!items_.empty()) filled_.notify_one();
    co_return item;
  }

  /// No more items come; what is inside can still be taken.
  void close() {
    closed_ = true;
    filled_.notify_all();
    room_.notify_all();
  }

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] bool closed() const noexcept { return closed_; }

 private:
  std::size_t capacity_;
  std::deque<T> items_;
  bool closed_ = false;
  condition filled_;
  condition room_;
};

}  // namespace vinny
