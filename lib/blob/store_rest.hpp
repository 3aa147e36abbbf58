// SPDX-License-Identifier: MIT
//
// When a store that asked for fewer requests, or could not be reached, may be asked again. Pure:
// time is an argument.
#pragma once

#include <chrono>
#include <optional>

#include "core/time.hpp"

namespace vinny {

class store_rest {
 public:
  /// Without a word of the store, rests double from the first up to the longest.
  static constexpr std::chrono::seconds first_rest{1};
  static constexpr std::chrono::seconds longest_rest{15};
  /// A store that has been out for that long gets the long rest: a later run goes on.
  static constexpr std::chrono::minutes outage{5};
  static constexpr std::chrono::minutes long_rest{15};

  /// It refused, or was not reached; `asked` is its Retry-After.
  void failed(instant at, std::optional<instant> asked);
  void succeeded() noexcept;

  /// Until when nothing may be sent.
  [[nodiscard]] std::optional<instant> until(instant at) const noexcept;
  /// After a rest one request goes ahead of the others.
  [[nodiscard]] bool must_probe() const noexcept { return failures_ > 0; }

 private:
  int failures_ = 0;
  std::optional<instant> since_;
  std::optional<instant> until_;
};

}  // namespace vinny
