// SPDX-License-Identifier: MIT
//
// A failure as a value: what happened, to what, why, and what to do. Exceptions are for
// start-up, defects and cancellation only.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <utility>

#include "core/errc.hpp"

namespace vinny {

/// What the runner does with a failed piece of work (docs/architecture.md, "Failure").
enum class verdict {
  retry,   // may succeed later
  reject,  // this item never will
  halt,    // the operator must act: the stage pauses
  stop,    // shutting down: nothing is counted
};

struct failure {
  errc code = errc::internal;
  std::string message;    // for people; never holds a secret or a query string
  std::string evidence;   // the first bytes of what came instead, for the record; may be empty
  int http_status = 0;    // that came; 0: none did, or it is not what failed
  bool in_place = false;  // a page or a note came in the item's place: the host's day, not the item
  /// When the other side said to come back, as an instant.
  std::optional<std::chrono::sys_time<std::chrono::milliseconds>> retry_at{};

  failure() = default;
  explicit failure(errc c) : code(c), message(describe(c)) {}
  failure(errc c, std::string text) : code(c), message(std::move(text)) {}
};

template <class T = void>
using result = std::expected<T, failure>;

[[nodiscard]] inline std::unexpected<failure> fail(errc code) {
  return std::unexpected(failure{code});
}
[[nodiscard]] inline std::unexpected<failure> fail(errc code, std::string message) {
  return std::unexpected(failure{code, std::move(message)});
}

}  // namespace vinny
