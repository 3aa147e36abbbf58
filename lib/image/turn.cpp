// SPDX-License-Identifier: MIT
#include "image/turn.hpp"

#include <algorithm>
#include <utility>

namespace vinny {
namespace {

/// Squares that fit the cache: column-wise access over whole rows would miss at every sample.
constexpr std::uint32_t tile = 32;

void transpose(plane const& from, plane& to) {
  for (std::uint32_t top = 0; top < from.height; top += tile) {
    auto const bottom = std::min(top + tile, from.height);
    for (std::uint32_t left = 0; left < from.width; left += tile) {
      auto const right = std::min(left + tile, from.width);
      for (auto y = top; y < bottom; ++y) {
        auto const* const row = from.row(y);
        for (auto x = left; x < right; ++x) to.row(x)[y] = row[x];
      }
    }
  }
}

}  // namespace

turn turn_of(int orientation) noexcept {
  switch (orientation) {
    case 2:
      return {.flip_x = true};
    case 3:
      return {.flip_x = true, .flip_y = true};
    case 4:
      return {.flip_y = true};
    case 5:
      return {.transpose = true};
    case 6:
      return {.flip_y = true, .transpose = true};
    case 7:
      return {.flip_x = true, .flip_y = true, .transpose = true};
    case 8:
      return {.flip_x = true, .transpose = true};
    default:
      return {};
  }
}

result<plane> make_upright(plane from, turn turned) {
  if (turned.flip_x) {
    for (std::uint32_t y = 0; y < from.height; ++y) {
      std::reverse(from.row(y), from.row(y) + from.width);
    }
  }
  if (turned.flip_y) {
    for (std::uint32_t y = 0; y < from.height / 2; ++y) {
      std::swap_ranges(from.row(y), from.row(y) + from.width, from.row(from.height - 1 - y));
    }
  }
  if (!turned.transpose) return from;
  auto to = make_plane(from.height, from.width);
  if (to) transpose(from, *to);
  return to;
}

}  // namespace vinny
