// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "image/image.hpp"

namespace vinny {

/// The configured limits in the image library's own words.
[[nodiscard]] inline image_limits image_limits_of(config const& settings) {
  return {.min_width = settings.images.min_width,
          .min_height = settings.images.min_height,
          .min_bytes = settings.images.min_bytes,
          .max_bytes = settings.images.max_bytes,
          .max_pixels = settings.images.max_pixels};
}

}  // namespace vinny
