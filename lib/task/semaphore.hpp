// SPDX-License-Identifier: MIT
//
// A counting semaphore for coroutines. A permit is an object: it goes back when it dies. Who asks
// may name a share: each share has a line of its own, and the lines are served in turn, so that a
// long one holds up nobody else.
#pragma once

#include <list>
#include <optional>
#include <string_view>
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
  semaphore(semaphore const&) = delete;
  semaphore& operator=(semaphore const&) = delete;
  ~semaphore() = default;

  /// Waits for a permit; empty when the deadline came first. Within a share nobody overtakes.
  /// Lifetime: it outlives its permits; the text of `share` outlives it.
  [[nodiscard]] task<permit> acquire(deadline limit = no_deadline, std::string_view share = {}) {
    // A free permit is granted to those who wait at once: where one is free, nobody waits.
    if (free_ > 0) {
      --free_;
      co_return permit{*this};
    }
    place const here{*this, line_of(share)};
    // What is granted already is for those before.
    do {
      if (!co_await here.in.wake.wait(limit)) co_return permit{};
    } while (here.in.granted == 0);
    --here.in.granted;
    co_return permit{*this};
  }

  [[nodiscard]] int free() const noexcept { return free_; }
  /// Those who wait and have been granted nothing yet.
  [[nodiscard]] std::size_t waiting() const noexcept {
    std::size_t out = 0;
    for (auto const& one : lines_) out += static_cast<std::size_t>(one.in_line - one.granted);
    return out;
  }
  /// The same of one share.
  [[nodiscard]] std::size_t waiting(std::string_view share) const noexcept {
    for (auto const& one : lines_) {
      if (one.share == share) return static_cast<std::size_t>(one.in_line - one.granted);
    }
    return 0;
  }
  /// More or fewer permits from now on; those given out stay valid.
  void resize(int difference) {
    free_ += difference;
    grant();
  }

 private:
  struct line {
    explicit line(std::string_view named) : share(named) {}

    std::string_view share;
    int in_line = 0;  // in acquire()
    int granted = 0;  // permits that are set aside for those in line
    condition wake{};
  };
  /// In line; what was granted to one who goes away goes on.
  struct place {
    place(semaphore& owner, line& joined) noexcept : of(owner), in(joined) { ++in.in_line; }
    place(place const&) = delete;
    place& operator=(place const&) = delete;
    ~place() {
      --in.in_line;
      if (in.granted <= in.in_line) return;
      --in.granted;
      of.give_back();
    }
    semaphore& of;
    line& in;
  };

  [[nodiscard]] line& line_of(std::string_view share) {
    for (auto& one : lines_) {
      if (one.share == share) return one;
    }
    return lines_.emplace_back(share);
  }
  void give_back() noexcept {
    ++free_;
    grant();
  }
  /// Sets free permits aside for those who wait, one of each line in turn.
  void grant() noexcept {
    for (auto left = lines_.size(); free_ > 0 && left > 0; --left) {
      auto& next = lines_.front();
      lines_.splice(lines_.end(), lines_, lines_.begin());
      if (next.in_line == next.granted) continue;
      --free_;
      ++next.granted;
      next.wake.notify_one();
      left = lines_.size() + 1;
    }
  }

  int free_;
  std::list<line> lines_{};  // the next to be served first
};

}  // namespace vinny
