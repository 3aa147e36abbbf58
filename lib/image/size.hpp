// SPDX-License-Identifier: MIT
//
// The limits on a source's dimensions, checked as soon as a header has told them.
#pragma once

#include <cstdint>

#include "image/image.hpp"

namespace vinny {

/// Errors: image_corrupt (a side is 0), image_too_small, image_too_large.
[[nodiscard]] result<> check_size(std::uint32_t width, std::uint32_t height,
                                  image_limits const& limits);

}  // namespace vinny
