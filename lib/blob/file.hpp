// SPDX-License-Identifier: MIT
//
// Files that are either whole or not there: written without a name (or, where the filesystem has
// no such files, under a temporary one), synced, put in their place.
// Paths are relative to a root and cannot leave it: no '..', no symbolic link is followed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/failure.hpp"
#include "core/file_handle.hpp"
#include "core/file_map.hpp"

namespace vinny {

/// A file that is not in its place yet; it goes away unless it is published.
class file_draft {
 public:
  file_draft() = default;
  file_draft(std::filesystem::path path, file_handle file, std::string relative)
      : path_(std::move(path)), file_(std::move(file)), relative_(std::move(relative)) {}
  file_draft(file_draft&& other) noexcept = default;
  file_draft& operator=(file_draft&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    std::swap(relative_, other.relative_);
    return *this;
  }
  ~file_draft();
  /// Its first bytes, as they were written.
  [[nodiscard]] file_map map(std::int64_t bytes) const noexcept {
    return {file_.get(), static_cast<std::size_t>(bytes)};
  }

 private:
  friend class file_root;
  std::filesystem::path path_;  // empty: it has no name
  file_handle file_;            // none: it is in its place
  std::string relative_;
};

class file_root {
 public:
  /// Temporary files live in `<root>/.vinny-tmp`, so that a crash leaves nothing beside real files.
  explicit file_root(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] std::filesystem::path const& path() const noexcept { return root_; }

  /// Writes a file and makes it durable. Errors: disk_full, read_only, permission_denied,
  /// io_error; store_rejected for a path that would leave the root.
  [[nodiscard]] result<> write(std::string_view relative, std::string_view bytes) const;
  /// The same in two steps, so that many files share the waits for the disk: what is drafted is on
  /// its way there, and what publish() tells of each is durable.
  [[nodiscard]] result<file_draft> draft(std::string_view relative, std::string_view bytes) const;
  [[nodiscard]] std::vector<result<>> publish(std::span<file_draft> drafts) const;
  /// A draft that grows by pieces and gets its place when it is known.
  [[nodiscard]] result<file_draft> begin_draft() const;
  [[nodiscard]] result<> append(file_draft& one, std::string_view piece) const;
  [[nodiscard]] result<> set_target(file_draft& one, std::string_view relative) const;
  /// Copies another file in, the same way; how many bytes.
  [[nodiscard]] result<std::int64_t> copy_in(std::filesystem::path const& from,
                                             std::string_view relative) const;
  /// Gives another file a name here, too; copied where that cannot be. Its size. What is there
  /// already stays.
  [[nodiscard]] result<std::int64_t> link_in(std::filesystem::path const& from,
                                             std::string_view relative) const;
  /// Moves a file of the root to another place in it. False: it is not there.
  [[nodiscard]] result<bool> move(std::string_view from, std::string_view to) const;
  /// Size in bytes of a regular file; nothing when there is none.
  [[nodiscard]] std::optional<std::int64_t> size(std::string_view relative) const;
  [[nodiscard]] result<std::string> read(std::string_view relative, std::int64_t max_bytes) const;

  /// Removes what a crash left in `<root>/.vinny-tmp`.
  void remove_leftovers() const;
  /// Removes a file; whether it was there does not matter.
  void remove(std::string_view relative) const;

 private:
  [[nodiscard]] result<> put_in_place(file_draft& one, int folder) const;
  std::filesystem::path root_;
};

/// Writes `<path>` atomically only when its content differs. True: it was written.
[[nodiscard]] result<bool> write_if_different(file_root const& root, std::string_view relative,
                                              std::string_view bytes);

}  // namespace vinny
