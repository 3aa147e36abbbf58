// SPDX-License-Identifier: MIT
//
// Turning planes upright.
#pragma once

#include "image/picture.hpp"

namespace vinny {

/// What an EXIF orientation asks for. The flips are those of the stored columns and rows and come
/// before the transposition.
struct turn {
  bool flip_x = false;
  bool flip_y = false;
  bool transpose = false;
};

/// For 1 to 8 (EXIF 2.3, 4.6.4 A); anything else leaves the picture as it is.
[[nodiscard]] turn turn_of(int orientation) noexcept;

/// Error: io_error (no memory).
[[nodiscard]] result<plane> make_upright(plane from, turn turned);

}  // namespace vinny
