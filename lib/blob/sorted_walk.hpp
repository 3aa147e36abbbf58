// SPDX-License-Identifier: MIT
//
// The files below a directory in the order of their paths' bytes, as an S3 listing has its keys.
// Memory is that of the directories on the way to the present file. Blocks: call it on a pool.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

struct walked_file {
  std::string path;  // relative
  std::int64_t bytes = 0;
  std::int64_t modified_ms = 0;  // since the epoch
};

class sorted_walk {
 public:
  /// Regular files only; no symbolic link is followed, and names that begin with a dot are left
  /// out. `after`: those up to this path, too.
  explicit sorted_walk(std::filesystem::path root, std::string after = {})
      : root_(std::move(root)), after_(std::move(after)) {}

  /// The next file; nothing at the end. Errors: what cannot be read is no empty directory:
  /// not_found, permission_denied, io_error.
  [[nodiscard]] result<std::optional<walked_file>> next();

 private:
  struct level {
    std::string folder;              // relative, with its slash
    std::vector<std::string> names;  // the last first; directories with a slash
  };
  [[nodiscard]] result<> open(std::string folder);
  [[nodiscard]] bool is_passed(std::string const& path) const;

  std::filesystem::path root_;
  std::string after_;
  std::vector<level> levels_;
  bool begun_ = false;
};

}  // namespace vinny
