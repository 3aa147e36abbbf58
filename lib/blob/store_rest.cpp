// SPDX-License-Identifier: MIT
#include "blob/store_rest.hpp"

#include <algorithm>

namespace vinny {

void store_rest::failed(instant at, std::optional<instant> asked) {
  if (!since_) since_ = at;
  // Those that were under way when the first one failed tell nothing new.
  bool const resting = until_ && *until_ > at;
  if (!resting) ++failures_;
  std::chrono::milliseconds rest = first_rest * (1 << std::min(failures_ - 1, 10));
  rest = std::min<std::chrono::milliseconds>(rest, longest_rest);
  if (at - *since_ >= outage) rest = long_rest;
  auto const wish = asked ? *asked : at + rest;
  if (asked || !resting) until_ = std::max(until_.value_or(wish), wish);
}

void store_rest::succeeded() noexcept {
  failures_ = 0;
  since_.reset();
  until_.reset();
}

std::optional<instant> store_rest::until(instant at) const noexcept {
  return until_ && *until_ > at ? until_ : std::nullopt;
}

}  // namespace vinny
