// SPDX-License-Identifier: MIT
#include "run/disk_watch.hpp"

#include <fmt/format.h>

#include "core/disk_space.hpp"

namespace vinny {
namespace {

// What thousands of requests a second bring in this time is little beside what is to stay free.
constexpr std::chrono::milliseconds between_measures{10};

}  // namespace

bool disk_watch::low() {
  if (clock::now() < next_look_) return low_;
  next_look_ = clock::now() + between_measures;
  auto const space = space_at(folder_);
  if (!space) return low_ = false;
  free_ = space->free;
  least_ = least_free(min_free_, space->total);
  return low_ = free_ < least_;
}

failure disk_watch::why() const {
  return {errc::disk_full,
          fmt::format("{}: {} MB are free and {} MB are to stay free (min_free): free some space",
                      folder_.string(), free_ >> 20U, least_ >> 20U)};
}

}  // namespace vinny
