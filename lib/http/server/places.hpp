// SPDX-License-Identifier: MIT
//
// How many clients a listener serves at a time, and how many of one user: who is neither root nor
// the daemon's own user has a quarter at most, so that no stranger shuts out the operator.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>

namespace vinny {

class places {
 public:
  explicit places(std::size_t most) : most_(most) {}

  /// A place that is given back when what is returned dies; it must die first. Null: there is none
  /// for that user. Those of whom no user is known share one share.
  [[nodiscard]] std::shared_ptr<void> take(std::optional<uid_t> user);
  [[nodiscard]] std::size_t taken() const noexcept { return taken_; }

 private:
  [[nodiscard]] std::size_t share_of(std::optional<uid_t> user) const noexcept;

  std::size_t most_;
  std::size_t taken_ = 0;
  std::map<std::optional<uid_t>, std::size_t> by_user_;
};

}  // namespace vinny
