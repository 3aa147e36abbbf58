// SPDX-License-Identifier: MIT
#include "image/picture.hpp"

#include <fmt/format.h>

namespace vinny {
namespace {

std::size_t round_up(std::size_t value, std::size_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

pixel_buffer allocate_pixels(std::size_t bytes) noexcept {
  auto const size = round_up(bytes == 0 ? 1 : bytes, pixel_alignment);
  return pixel_buffer(static_cast<std::uint8_t*>(std::aligned_alloc(pixel_alignment, size)));
}

result<plane> make_plane(std::uint32_t width, std::uint32_t height) {
  auto const stride = round_up(width, pixel_alignment);
  auto const rows = round_up(height, 4);
  plane made{.width = width,
             .height = height,
             .stride = stride,
             .samples = allocate_pixels(stride * rows)};
  if (!made.samples) {
    return fail(errc::io_error, fmt::format("no memory for {}x{} samples", width, height));
  }
  return made;
}

}  // namespace vinny
