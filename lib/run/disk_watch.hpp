// SPDX-License-Identifier: MIT
//
// Whether there is room for what is being fetched. Asked before every request. On the loop.
#pragma once

#include <filesystem>

#include "core/failure.hpp"
#include "task/task.hpp"

namespace vinny {

class disk_watch {
 public:
  /// `min_free`: as configured.
  disk_watch(std::filesystem::path folder, std::int64_t min_free)
      : folder_(std::move(folder)), min_free_(min_free) {}

  /// Less is free than is to stay free.
  [[nodiscard]] bool low();
  /// disk_full, with the numbers and the cure.
  [[nodiscard]] failure why() const;

 private:
  std::filesystem::path folder_;
  std::int64_t min_free_;
  bool low_ = false;
  std::uint64_t free_ = 0;
  std::uint64_t least_ = 0;
  clock::time_point next_look_{};
};

}  // namespace vinny
