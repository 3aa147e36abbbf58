// SPDX-License-Identifier: MIT
//
// One program at a time works on a catalog. The lock is on a file, so it goes with the process,
// however that ends.
#pragma once

#include <filesystem>
#include <string>

#include "core/failure.hpp"

namespace vinny {

class catalog_lock {
 public:
  /// Takes the lock or fails at once with catalog_locked, naming the holder ("vinnyd, pid 123").
  [[nodiscard]] static result<catalog_lock> take(std::filesystem::path const& data_dir,
                                                 std::string const& program);
  /// True when some process holds it now.
  [[nodiscard]] static bool is_held(std::filesystem::path const& data_dir) noexcept;
  catalog_lock(catalog_lock&& other) noexcept;
  catalog_lock& operator=(catalog_lock&&) = delete;
  ~catalog_lock();

 private:
  explicit catalog_lock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace vinny
