// SPDX-License-Identifier: MIT
//
// How much room a filesystem has, and how much of it is to stay.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace vinny {

struct disk_space {
  std::uint64_t free = 0;  // bytes that we may use
  std::uint64_t total = 0;
};

/// Of the filesystem that a folder is on; nothing when the system does not tell.
[[nodiscard]] std::optional<disk_space> space_at(std::filesystem::path const& folder) noexcept;

/// Bytes that are to stay free: as configured, or 1 GiB or 2 % of the disk, whichever is less, for
/// -1.
[[nodiscard]] std::uint64_t least_free(std::int64_t configured, std::uint64_t total) noexcept;

}  // namespace vinny
