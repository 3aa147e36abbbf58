// SPDX-License-Identifier: MIT
//
// The errors of one run on their way to Sentry. Work never waits for it: what it cannot take in
// time is left out, and the log says how many. Lives on the loop.
#pragma once

#include <deque>

#include "alerts/sentry.hpp"
#include "task/condition.hpp"

namespace vinny {

class error_reports {
 public:
  /// Without a service nothing is told. It must outlive this.
  explicit error_reports(sentry* to) : to_(to) {}

  void add(error_report one);
  /// Sends them, one after another, until it is cancelled.
  [[nodiscard]] task<> follow();
  /// Sends what is left, for so long at most; then the log says what was left out.
  [[nodiscard]] task<> flush(clock::duration longest);

 private:
  [[nodiscard]] task<bool> send_first(deadline limit);

  sentry* to_;
  std::deque<error_report> waiting_;
  condition news_;
  std::int64_t left_out_ = 0;
  std::string why_;  // it takes nothing
};

}  // namespace vinny
