// SPDX-License-Identifier: MIT
//
// Lanczos resampling of pictures, plane by plane.
#pragma once

#include <cstdint>

#include "image/picture.hpp"
#include "image/turn.hpp"

namespace vinny {

/// A picture of exactly `width` x `height` with chroma at half the size each way (or grey), the
/// luma's padding filled with its edges as TurboJPEG encodes it, then turned. `width` and `height`
/// are those before turning. Error: internal (zimg refused), io_error (no memory).
[[nodiscard]] result<picture> resize(picture const& source, std::uint32_t width,
                                     std::uint32_t height, turn turned = {});

}  // namespace vinny
