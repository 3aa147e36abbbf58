// SPDX-License-Identifier: MIT
//
// A value that must not be printed: it has no formatter and no stream operator, and its memory
// is wiped when it goes.
#pragma once

#include <string>
#include <utility>

namespace vinny {

class secret {
 public:
  secret() = default;
  explicit secret(std::string value) : value_(std::move(value)) {}
  secret(secret const&) = default;
  secret(secret&&) noexcept = default;
  secret& operator=(secret const&) = default;
  secret& operator=(secret&&) noexcept = default;
  ~secret();

  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
  /// The value itself: for signing and authorising, never for a message.
  [[nodiscard]] std::string const& reveal() const noexcept { return value_; }

 private:
  std::string value_;
};

}  // namespace vinny
