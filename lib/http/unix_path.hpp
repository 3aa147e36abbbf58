// SPDX-License-Identifier: MIT
//
// A Unix socket's address holds 107 bytes of path; data directories can be longer.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace vinny {

/// A short spelling of a socket's path, good while this lives.
class unix_path {
 public:
  explicit unix_path(std::filesystem::path const& path) : text_(path.string()) {
    if (text_.size() < 108) return;
    auto const folder = path.parent_path();
    fd_ = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    text_ = "/proc/self/fd/" + std::to_string(fd_) + '/' + path.filename().string();
  }
  unix_path(unix_path const&) = delete;
  unix_path& operator=(unix_path const&) = delete;
  ~unix_path() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] std::string const& str() const noexcept { return text_; }

 private:
  std::string text_;
  int fd_ = -1;
};

}  // namespace vinny
