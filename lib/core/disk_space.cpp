// SPDX-License-Identifier: MIT
#include "core/disk_space.hpp"

#include <sys/statvfs.h>

#include <algorithm>

namespace vinny {

std::optional<disk_space> space_at(std::filesystem::path const& folder) noexcept {
  struct statvfs info{};
  if (::statvfs(folder.c_str(), &info) != 0) return std::nullopt;
  return disk_space{.free = std::uint64_t{info.f_bavail} * info.f_frsize,
                    .total = std::uint64_t{info.f_blocks} * info.f_frsize};
}

std::uint64_t least_free(std::int64_t configured, std::uint64_t total) noexcept {
  constexpr std::uint64_t gibibyte = 1ULL << 30;
  if (configured >= 0) return static_cast<std::uint64_t>(configured);
  return std::min(gibibyte, total / 50);
}

}  // namespace vinny
