// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "model/counters.hpp"
#include "model/step.hpp"

namespace vinny {

namespace step {
inline constexpr run_step clocks{"clocks"};
}  // namespace step

struct clock_counts {
  std::int64_t clocks_wound = 0;
  std::int64_t clocks_broken = 0;

  static std::array<counter_row<clock_counts>, 2> const rows;
};

inline constexpr std::array<counter_row<clock_counts>, 2> clock_counts::rows{
    {{&clock_counts::clocks_wound, {"clocks_wound"}},
     {&clock_counts::clocks_broken, {"clocks_broken", loss::item}}}};

}  // namespace vinny
