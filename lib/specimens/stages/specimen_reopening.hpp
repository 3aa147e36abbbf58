// SPDX-License-Identifier: MIT
//
// What was given up and is asked for again within a run: what a setting had refused that is another
// one now, and what a host's day had refused, when its time has come. Lives on the loop.
#pragma once

#include <cstdint>
#include <map>

#include "policy/refusal.hpp"
#include "run/context.hpp"
#include "specimens/tables/specimen_work.hpp"

namespace vinny {

class specimen_reopening {
 public:
  explicit specimen_reopening(run_context& context) : context_(context) {}

  /// Before the work list is read. Errors: what halts.
  [[nodiscard]] task<result<>> begin();
  /// Now and then while it is worked on: what has become due meanwhile.
  [[nodiscard]] task<result<>> look();
  /// An image came that had been given up: its host is asked for more of them.
  [[nodiscard]] task<result<>> came(specimen_job const& job);

 private:
  [[nodiscard]] task<result<>> clamp_times();
  [[nodiscard]] task<result<>> settle_old();
  [[nodiscard]] task<result<>> heed_settings();
  [[nodiscard]] task<result<>> open_held();
  [[nodiscard]] task<result<>> open_exhausted();
  /// As many images of a host as it may be asked for.
  [[nodiscard]] task<result<>> ask_host(std::int64_t host);

  run_context& context_;
  std::map<std::int64_t, revisit_allowance> hosts_;
  clock::time_point next_look_{};
};

/// What is kept of a failure that ends an image's attempts.
[[nodiscard]] specimen_failure refusal_of(failure const& why, specimen_job const& job,
                                          config const& settings, int attempts);

}  // namespace vinny
