// SPDX-License-Identifier: MIT
//
// What runs over captures count, and their steps.
#pragma once

#include <array>

#include "model/counters.hpp"
#include "model/step.hpp"

namespace vinny {

namespace step {
inline constexpr run_step captures{"captures"};
}  // namespace step

struct capture_counts {
  std::int64_t captures_found = 0;
  std::int64_t captures_added = 0;
  std::int64_t captures_changed = 0;
  std::int64_t captures_removed = 0;
  std::int64_t captures_passed_over = 0;  // no pictures by their names
  std::int64_t thumbnails_checked = 0;
  std::int64_t thumbnails_lost = 0;  // the store did not have them any more
  std::int64_t uploads_lost = 0;     // nothing can bring them back
  std::int64_t objects_unnamed = 0;  // removed: nothing named them

  static std::array<counter_row<capture_counts>, 9> const rows;
};

inline constexpr std::array<counter_row<capture_counts>, 9> capture_counts::rows{{
    {&capture_counts::captures_found, {"captures_found"}},
    {&capture_counts::captures_added, {"captures_added"}},
    {&capture_counts::captures_changed, {"captures_changed"}},
    {&capture_counts::captures_removed, {"captures_removed"}},
    {&capture_counts::captures_passed_over, {"captures_passed_over"}},
    {&capture_counts::thumbnails_checked, {"thumbnails_checked"}},
    {&capture_counts::thumbnails_lost, {"thumbnails_lost"}},
    {&capture_counts::uploads_lost, {"uploads_lost"}},
    {&capture_counts::objects_unnamed, {"objects_unnamed"}},
}};

}  // namespace vinny
