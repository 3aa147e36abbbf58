// SPDX-License-Identifier: MIT
//
// The one lane to a store: so many requests at once, none while it rests, one alone after a rest.
// Lives on the loop.
#pragma once

#include "blob/store_rest.hpp"
#include "core/failure.hpp"
#include "task/semaphore.hpp"

namespace vinny {

class s3_lane {
 public:
  /// A longer rest is not waited for: the work goes back to its list.
  static constexpr std::chrono::seconds patience{60};

  explicit s3_lane(int concurrency) : slots_(concurrency) {}

  /// Leave to send one request; ends when it dies.
  class turn {
   public:
    turn(s3_lane& owner, bool probe) : owner_(&owner), probe_(probe) {}
    turn(turn&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)),
          slot_(std::move(other.slot_)),
          probe_(other.probe_) {}
    turn& operator=(turn&&) = delete;
    ~turn();

   private:
    friend class s3_lane;
    s3_lane* owner_;
    semaphore::permit slot_;
    bool probe_;
  };

  /// Fails with host_cooling_down and its retry_at when the store rests for longer than
  /// `patience`, with total_timeout when the turn does not come by the deadline.
  [[nodiscard]] task<result<turn>> enter(deadline limit);

  /// The store refused, or was not reached.
  void failed(std::optional<instant> asked, std::string why);
  void succeeded();
  [[nodiscard]] store_rest const& rest() const noexcept { return rest_; }

 private:
  store_rest rest_;
  semaphore slots_;
  condition changed_;
  bool probe_out_ = false;
  std::string why_;  // it rests
};

}  // namespace vinny
