// SPDX-License-Identifier: MIT
//
// From a picture to a JPEG.
#pragma once

#include <string>

#include "image/picture.hpp"

namespace vinny {

/// A progressive JPEG, 4:2:0 or grey, of a picture made by resize(); `quality` is 1 to 100.
/// Error: image_too_large when a side is over JPEG's 65,500 px, internal.
[[nodiscard]] result<std::string> encode_jpeg(picture const& source, int quality);

}  // namespace vinny
