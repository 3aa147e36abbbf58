// SPDX-License-Identifier: MIT
//
// Files that are either whole or not there: written under a temporary name, fsynced, renamed.
// Paths are relative to a root and cannot leave it: no '..', no symbolic link is followed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/failure.hpp"

namespace vinny {

class file_root {
 public:
  /// Temporary files live in `<root>/tmp`, so that a crash leaves nothing beside real files.
  explicit file_root(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] std::filesystem::path const& path() const noexcept { return root_; }

  /// Writes a file and makes it durable. Errors: disk_full, read_only, permission_denied,
  /// io_error; store_rejected for a path that would leave the root.
  [[nodiscard]] result<> write(std::string_view relative, std::string_view bytes) const;
  /// Copies another file in, the same way; how many bytes.
  [[nodiscard]] result<std::int64_t> copy_in(std::filesystem::path const& from,
                                             std::string_view relative) const;
  /// Moves a file of the root to another place in it. False: it is not there.
  [[nodiscard]] result<bool> move(std::string_view from, std::string_view to) const;
  /// Size in bytes of a regular file; nothing when there is none.
  [[nodiscard]] std::optional<std::int64_t> size(std::string_view relative) const;
  [[nodiscard]] result<std::string> read(std::string_view relative, std::int64_t max_bytes) const;

  /// Removes what a crash left in `<root>/tmp`.
  void remove_leftovers() const;
  /// Removes a file; whether it was there does not matter.
  void remove(std::string_view relative) const;

 private:
  [[nodiscard]] result<> publish(int fd, std::filesystem::path const& temporary,
                                 std::string_view relative) const;
  std::filesystem::path root_;
};

/// Writes `<path>` atomically only when its content differs. True: it was written.
[[nodiscard]] result<bool> write_if_different(file_root const& root, std::string_view relative,
                                              std::string_view bytes);

}  // namespace vinny
