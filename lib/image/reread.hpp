// SPDX-License-Identifier: MIT
//
// The structure of a file that inspect() has passed, read again: its walk costs next to nothing
// beside decoding, and memory is then granted for what the bytes say, not for what a caller says.
#pragma once

#include <string_view>

#include "image/image.hpp"
#include "image/jpeg/jpeg_structure.hpp"
#include "image/png/png_structure.hpp"

namespace vinny {

// Error: image_corrupt when the bytes are not those that `info` describes.
[[nodiscard]] result<jpeg_structure> reread_jpeg(std::string_view bytes, image_info const& info);
[[nodiscard]] result<png_structure> reread_png(std::string_view bytes, image_info const& info);

}  // namespace vinny
