// SPDX-License-Identifier: MIT
//
// A body while and after it comes: in memory when it is small, else in a draft that is digested as
// it grows and can become the file that is kept. Blocks: call it on a pool.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "blob/file.hpp"
#include "core/digest.hpp"
#include "core/file_map.hpp"

namespace vinny {

class received_body {
 public:
  /// The next piece of a body that is too large for memory. Errors: those of file_root::write().
  [[nodiscard]] result<> append(file_root const& files, std::string_view piece);
  /// Forgets what has come.
  void restart();
  /// `rest` is what follows the pieces, or the whole body when there was none. From now on the
  /// bytes can be read.
  [[nodiscard]] result<> close(file_root const& files, std::string rest);

  [[nodiscard]] std::string_view bytes() const noexcept {
    return draft_ ? map_.bytes() : std::string_view{memory_};
  }
  /// True once a piece has come.
  [[nodiscard]] bool drafted() const noexcept { return draft_.has_value(); }
  /// SHA-256 of the bytes: 64 hex digits.
  [[nodiscard]] std::string const& digest();
  /// The bytes as a file; the body is spent.
  [[nodiscard]] result<file_draft> keep(file_root const& files, std::string_view relative);

 private:
  std::string memory_;
  std::optional<file_draft> draft_;
  std::int64_t drafted_ = 0;  // bytes
  std::optional<sha256> hash_;
  std::string digest_;
  file_map map_;
};

}  // namespace vinny
