// SPDX-License-Identifier: MIT
#pragma once

#include "captures/model/capture_settings.hpp"
#include "config/config.hpp"
#include "image/image.hpp"

namespace vinny {

/// Of captures: any size that can be drawn.
[[nodiscard]] inline image_limits capture_limits_of(config const& settings) {
  return {.min_width = 1,
          .min_height = 1,
          .min_bytes = 1,
          .max_bytes = settings.of<thumbnails_config>().max_bytes,
          .max_pixels = settings.images.max_pixels};
}

}  // namespace vinny
