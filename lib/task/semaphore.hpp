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
    // Those who wait already go first: nobody overtakes a line.
    bool first = true;
    while (free_ <= 0 || (first && line_.waiting() > 0)) {
      first = false;
      if (!co_await line_.wait(limit) && free_ <= 0) co_return permit{};
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
  void give_back() noexcept {
    ++free_;
    line_.notify_one();
  }

  int free_;
  condition line_;
};

}  // namespace vinny
