// SPDX-License-Identifier: MIT
//
// Decoded pixels: one plane of luma and, unless grey, two of chroma, as JPEG stores them. All
// pictures are held like this, whatever they came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

/// What zimg wants of addresses and strides.
inline constexpr std::size_t pixel_alignment = 64;

struct free_memory {
  void operator()(void* memory) const noexcept { std::free(memory); }
};
using pixel_buffer = std::unique_ptr<std::uint8_t[], free_memory>;
/// Uninitialised, aligned. Null when there is no memory.
[[nodiscard]] pixel_buffer allocate_pixels(std::size_t bytes) noexcept;

/// 8-bit samples in rows.
struct plane {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t stride = 0;
  pixel_buffer samples;

  [[nodiscard]] std::uint8_t* row(std::size_t y) noexcept { return samples.get() + y * stride; }
  [[nodiscard]] std::uint8_t const* row(std::size_t y) const noexcept {
    return samples.get() + y * stride;
  }
};
/// With room for both sides to grow to a multiple of 4: TurboJPEG reads and writes planes padded to
/// whole chroma samples. Error: io_error when there is no memory.
[[nodiscard]] result<plane> make_plane(std::uint32_t width, std::uint32_t height);

struct picture {
  // In luma samples. A source decoded at a fraction may end inside its last sample, which is why
  // the extent is not a whole number.
  double width = 0;
  double height = 0;
  // Luma samples to a chroma sample.
  std::uint32_t chroma_x = 1;
  std::uint32_t chroma_y = 1;
  std::vector<plane> planes;  // 1 (grey) or 3: Y, Cb, Cr

  [[nodiscard]] bool grey() const noexcept { return planes.size() == 1; }
};

}  // namespace vinny
