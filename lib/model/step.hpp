// SPDX-License-Identifier: MIT
//
// A step of a run: its name is a label of metrics, a member of progress, and the step of an error.
#pragma once

#include <string_view>

namespace vinny {

struct run_step {
  std::string_view name;

  [[nodiscard]] constexpr bool operator==(run_step const&) const = default;
};
[[nodiscard]] constexpr std::string_view name(run_step step) noexcept {
  return step.name;
}

/// Each system declares its own here; this one is of every system that has files to put.
namespace step {
inline constexpr run_step upload{"upload"};
}  // namespace step

/// How a bar of progress tells of a step: "pages  8/9 read".
struct step_words {
  run_step step;
  std::string_view label;
  std::string_view verb;
  bool alone = false;  // while it works, it is the only bar, with its rate and the time left
};

/// Of every system that has files to put.
inline constexpr step_words upload_words{step::upload, "objects", "stored"};

}  // namespace vinny
