// SPDX-License-Identifier: MIT
//
// How much slower than configured a host is asked: half as fast when it says 429 or 503, a little
// slower when it answers far later than it used to, and back slowly. Never faster than configured.
// Pure.
#pragma once

#include <chrono>

namespace vinny {

class pace {
 public:
  using clock = std::chrono::steady_clock;

  /// Each push halves the rate, down to this share of it.
  static constexpr double slowest = 64.0;

  /// The host said 429 or 503. What is in flight together counts once.
  void pushed_back(clock::time_point at) noexcept;
  /// It answered: how long after the request its first byte came, and whether with a success, which
  /// alone brings the pace back.
  void answered(clock::duration latency, bool success, clock::time_point at) noexcept;

  /// From 1 (as configured) to `slowest`.
  [[nodiscard]] double factor() const noexcept { return factor_; }
  /// A delay between requests, stretched.
  [[nodiscard]] std::chrono::milliseconds stretched(
      std::chrono::milliseconds configured) const noexcept;

 private:
  void slow_down(double by, clock::time_point at) noexcept;

  double factor_ = 1.0;
  double usual_ = 0.0;   // seconds; a mean over about a hundred answers
  double recent_ = 0.0;  // over about five
  int answers_ = 0;
  clock::time_point last_push_{};
};

}  // namespace vinny
