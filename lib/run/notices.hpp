// SPDX-License-Identifier: MIT
//
// What Slack is told of a run, and when: of one that has words for it the start, each so many items
// and the end, as answers to the first message; of every other run, that it failed. Never in the
// way: what cannot be told is logged once, and the run goes on. Lives on the loop.
#pragma once

#include <string>

#include "run/context.hpp"

namespace vinny {

class run_notices {
 public:
  explicit run_notices(run_context& context) : context_(context) {}

  /// Tells the start, and how far the run is, until it is cancelled.
  [[nodiscard]] task<> follow();
  /// Tells the end.
  [[nodiscard]] task<> announce_end();

 private:
  [[nodiscard]] task<> tell(std::string text);
  [[nodiscard]] vinny::slack* slack() const;  // null: nobody is told
  [[nodiscard]] double seconds_so_far() const;

  run_context& context_;
  clock::time_point began_ = clock::now();
  std::string thread_;
};

/// "3 h 12 min", "4 min 5 s", "12 s".
[[nodiscard]] std::string spoken_duration(double seconds);

}  // namespace vinny
