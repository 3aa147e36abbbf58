// SPDX-License-Identifier: MIT
//
// A counting semaphore for coroutines. A permit is an object: it goes back when it dies.
#pragma once

#include <optional>
#include <utility>

#include "task/condition.hpp"

namespace vinny {

class semaphore {
 public:
  class permit {
   public:
    permit() = default;
    explicit permit(semaphore& owner) : owner_(&owner) {}
    permit(permit&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    permit& operator=(permit&& other) noexcept {
      if (this != &other) {
        release();
        owner_ = std::exchange(other.owner_, nullptr);
      }
      return *this;
    }
    ~permit() { release(); }
    void release() noexcept {
      if (auto* const owner = std::exchange(owner_, nullptr)) owner->give_back();
    }
    [[nodiscard]] explicit operator bool() const noexcept { return owner_ != nullptr; }

   private:
    semaphore* owner_ = nullptr;
  };

  explicit semaphore(int permits) : free_(permits) {}

  /// Waits for a permit; empty when the deadline came first. Must outlive its permits.
  [[nodiscard]] task<permit> acquire(deadline limit = no_deadline) {
    // Those who came before go first, those too whose notice is on its way: nobody overtakes.
    if (line_.waiting() > 0 || free_ <= on_their_way(0)) {
      place const here{in_line_};
      for (;;) {
        bool const notified = co_await line_.wait(limit);
        if (free_ > on_their_way(1)) break;
        if (!notified) co_return permit{};
      }
    }
    --free_;
    co_return permit{*this};
  }

  [[nodiscard]] int free() const noexcept { return free_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return line_.waiting(); }
  /// More or fewer permits from now on; those given out stay valid.
  void resize(int difference) {
    free_ += difference;
    for (int i = 0; i < difference; ++i) line_.notify_one();
  }

 private:
  struct place {
    int& count;
    explicit place(int& in_line) noexcept : count(in_line) { ++count; }
    place(place const&) = delete;
    place& operator=(place const&) = delete;
    ~place() { --count; }
  };
  void give_back() noexcept {
    ++free_;
    line_.notify_one();
  }
  /// How many were notified and did not run yet, without `known` ones; a permit is for each.
  [[nodiscard]] int on_their_way(int known) const noexcept {
    return in_line_ - known - static_cast<int>(line_.waiting());
  }

  int free_;
  int in_line_ = 0;  // in acquire(), still waiting or on their way
  condition line_;
};

}  // namespace vinny
