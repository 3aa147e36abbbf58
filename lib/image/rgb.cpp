// SPDX-License-Identifier: MIT
#include "image/rgb.hpp"

#include <array>
#include <utility>

#include "image/jpeg/turbo.hpp"

namespace vinny {
namespace {

/// a * b / 255, rounded.
std::uint8_t scale(unsigned a, unsigned b) {
  return static_cast<std::uint8_t>((a * b + 127) / 255);
}

}  // namespace

void cmyk_to_rgbx(std::span<std::uint8_t> pixels, bool inverted) noexcept {
  unsigned const flip = inverted ? 0 : 255;
  for (std::size_t i = 0; i + 4 <= pixels.size(); i += 4) {
    auto const black = pixels[i + 3] ^ flip;
    for (std::size_t c = 0; c < 3; ++c) pixels[i + c] = scale(pixels[i + c] ^ flip, black);
  }
}

void lay_on_white(std::span<std::uint8_t> pixels, std::size_t channels) noexcept {
  for (std::size_t i = 0; i + channels <= pixels.size(); i += channels) {
    unsigned const alpha = pixels[i + channels - 1];
    if (alpha == 255) continue;
    for (std::size_t c = 0; c + 1 < channels; ++c) {
      pixels[i + c] = static_cast<std::uint8_t>(255U - scale(255U - pixels[i + c], alpha));
    }
  }
}

result<picture> picture_from_rgb(std::uint8_t const* pixels, int width, int height, int format) {
  picture made;
  made.width = width;
  made.height = height;
  std::array<unsigned char*, 3> rows{};
  std::array<int, 3> strides{};
  for (std::size_t i = 0; i < 3; ++i) {
    auto one = make_plane(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height));
    if (!one) return std::unexpected(one.error());
    rows[i] = one->samples.get();
    strides[i] = static_cast<int>(one->stride);
    made.planes.push_back(std::move(*one));
  }
  turbo_handle const encoder(tjInitCompress());
  if (!encoder) return turbo_failure(encoder, "TurboJPEG could not be started");
  if (tjEncodeYUVPlanes(encoder.get(), pixels, width, width * tjPixelSize[format], height, format,
                        rows.data(), strides.data(), TJSAMP_444, 0) != 0) {
    return turbo_failure(encoder, "pixels cannot be changed to YCbCr");
  }
  return made;
}

}  // namespace vinny
