// SPDX-License-Identifier: MIT
//
// A run: how far it is, how it ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/counters.hpp"

namespace vinny {

enum class run_state { queued, running, done, partial, failed, cancelled };
[[nodiscard]] std::string_view name(run_state state) noexcept;
[[nodiscard]] run_state run_state_from_name(std::string_view name) noexcept;
[[nodiscard]] constexpr bool is_over(run_state state) noexcept {
  return state != run_state::queued && state != run_state::running;
}

struct run_record {
  std::string id;
  std::string pipeline;
  std::string params;  // JSON
  run_state state = run_state::queued;
  std::string created_at;
  std::string started_at;
  std::string finished_at;
  tally counts;
  std::string error;
};

/// An item that a run gave up, and why.
struct run_error {
  std::string step;
  std::string key;
  std::string url;  // without its query
  std::string reason;
  std::string message;
  std::string evidence;
  int attempts = 0;
};

}  // namespace vinny
