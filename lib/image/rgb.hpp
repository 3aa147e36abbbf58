// SPDX-License-Identifier: MIT
//
// Packed pixels on their way into a picture: inverting, laying on white, changing to YCbCr.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "image/picture.hpp"

namespace vinny {

/// Four bytes a pixel, in place. Adobe stores the inks inverted: 255 is none. Plain arithmetic,
/// without profiles.
void cmyk_to_rgbx(std::span<std::uint8_t> pixels, bool inverted) noexcept;

/// Lays pixels whose last byte of `channels` (2 or 4) is alpha on white, in place; the alpha
/// byte is left.
void lay_on_white(std::span<std::uint8_t> pixels, std::size_t channels) noexcept;

/// 4:4:4 planes of tightly packed pixels; `format` is a TJPF_* of three or four bytes.
[[nodiscard]] result<picture> picture_from_rgb(std::uint8_t const* pixels, int width, int height,
                                               int format);

}  // namespace vinny
