// SPDX-License-Identifier: MIT
//
// Ids that sort by the time at which they were made (ULID).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vinny {

/// 26 characters of Crockford base 32 that sort by time (ULID).
[[nodiscard]] std::string new_ulid();
/// True for the form that new_ulid() gives.
[[nodiscard]] bool is_ulid(std::string_view text) noexcept;
/// When a ULID was made: milliseconds since the epoch.
[[nodiscard]] std::int64_t ulid_time_ms(std::string_view ulid) noexcept;

/// A ULID in two words, for where many copies are made. A default one is none.
class packed_ulid {
 public:
  packed_ulid() = default;
  /// `text` must be a ULID.
  explicit packed_ulid(std::string_view text) noexcept;
  /// Empty: it is none.
  [[nodiscard]] std::string text() const;

  friend bool operator==(packed_ulid const&, packed_ulid const&) = default;

 private:
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

}  // namespace vinny
