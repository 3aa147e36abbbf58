// SPDX-License-Identifier: MIT
//
// What a body is, from its first bytes alone. Only JPEG and PNG pass; everything else is named.
#pragma once

#include <string_view>

#include "image/image.hpp"

namespace vinny {

/// Errors: image_type_unsupported (GIF, WebP, BMP, TIFF, AVIF, HEIC, ICO, SVG ...), not_an_image
/// (HTML, XML, JSON, text, unknown bytes); both with the first 512 bytes as evidence.
[[nodiscard]] result<image_type> sniff(std::string_view bytes);

}  // namespace vinny
