// SPDX-License-Identifier: MIT
//
// Artists' images that were refused and are asked for again within a run: what a setting had
// refused that is another one now, and what a host's day had refused, when its time has come. On
// the loop.
#pragma once

#include <map>
#include <string>

#include "events/tables/images.hpp"
#include "policy/refusal.hpp"
#include "run/context.hpp"

namespace vinny {

class image_reopening {
 public:
  explicit image_reopening(run_context& context) : context_(context) {}

  /// Before the work list is read. Errors: what halts.
  [[nodiscard]] task<result<>> begin();
  /// An image came that had been refused.
  void came(image_job const& job);
  /// When the list is empty: whether there is more since an image came.
  [[nodiscard]] task<result<bool>> look_again();

 private:
  [[nodiscard]] task<result<>> heed_settings();
  [[nodiscard]] task<result<bool>> look();

  run_context& context_;
  std::map<std::string, revisit_allowance> hosts_;
  bool news_ = false;
};

/// What is kept of a failure that refuses an image for now.
[[nodiscard]] image_refusal refusal_of(failure const& why, image_job const& job,
                                       config const& settings, std::string evidence);

}  // namespace vinny
