// SPDX-License-Identifier: MIT
#include "model/run.hpp"

#include <array>

namespace vinny {
namespace {

constexpr std::array<std::string_view, 6> run_state_names{"queued",  "running", "done",
                                                          "partial", "failed",  "cancelled"};

}  // namespace

std::string_view name(run_state state) noexcept {
  return run_state_names[static_cast<std::size_t>(state)];
}

run_state run_state_from_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < run_state_names.size(); ++i) {
    if (run_state_names[i] == text) return static_cast<run_state>(i);
  }
  return run_state::failed;
}

}  // namespace vinny
