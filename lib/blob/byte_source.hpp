// SPDX-License-Identifier: MIT
//
// Bytes of a list, in order, wherever they are packed: a plain file, a gzip file, a member of a ZIP
// archive. Nothing is unpacked to disk, and memory does not grow with the length. Blocking: used on
// the cpu pool.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/failure.hpp"

namespace vinny {

class byte_source {
 public:
  virtual ~byte_source() = default;
  /// Fills the front of `into`; how many bytes, 0 at the end. Errors: io_error, permission_denied,
  /// bad_archive for what is cut off or damaged.
  [[nodiscard]] virtual result<std::size_t> read(std::span<char> into) = 0;
  /// Goes on behind that many unpacked bytes from here.
  [[nodiscard]] virtual result<> skip(std::int64_t bytes);
  /// How much of the packed file has been read, and its size, in bytes: for progress.
  [[nodiscard]] virtual std::int64_t consumed() const noexcept = 0;
  [[nodiscard]] virtual std::int64_t size() const noexcept = 0;

 protected:
  byte_source() = default;
  byte_source(byte_source const&) = default;
  byte_source& operator=(byte_source const&) = default;
};

/// A file as it is. Errors: not_found, permission_denied, io_error.
[[nodiscard]] result<std::unique_ptr<byte_source>> open_plain(std::filesystem::path const& file);
/// A gzip file, of several members too (RFC 1952, section 2.2).
[[nodiscard]] result<std::unique_ptr<byte_source>> open_gzip(std::filesystem::path const& file);

/// All of it as a string; bad_archive when there are more than `most` bytes.
[[nodiscard]] result<std::string> read_all(byte_source& source, std::size_t most);

}  // namespace vinny
