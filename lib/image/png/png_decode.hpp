// SPDX-License-Identifier: MIT
//
// From a PNG to a picture.
#pragma once

#include <string_view>

#include "image/picture.hpp"
#include "image/png/png_structure.hpp"

namespace vinny {

/// 16 bits become 8, alpha is laid on white, grey stays grey. Gamma and ICC profiles are not
/// applied. Error: image_corrupt.
[[nodiscard]] result<picture> decode_png(std::string_view bytes, png_structure const& structure);

}  // namespace vinny
