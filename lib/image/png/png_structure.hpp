// SPDX-License-Identifier: MIT
//
// What a PNG's chunks say, and whether the file is complete (W3C PNG, third edition). Chunks are
// checked by their CRC; nothing is inflated here, and text and profile chunks never are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "image/image.hpp"

namespace vinny {

struct png_chunk {
  std::string_view type;
  std::string_view data;
  std::uint32_t crc = 0;  // as stored
};

/// Yields the chunks after the signature.
class png_chunks {
 public:
  explicit png_chunks(std::string_view bytes) noexcept : bytes_(bytes) {}
  /// Error: image_corrupt when the file ends inside a chunk. The CRC is the caller's to check.
  [[nodiscard]] result<png_chunk> next();

 private:
  std::string_view bytes_;
  std::size_t at_ = 8;
};

struct png_structure {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int depth = 8;   // bits a sample
  int colour = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  bool interlaced = false;
  int orientation = 1;
  std::string_view palette;       // PLTE
  std::string_view transparency;  // tRNS
  std::size_t data_bytes = 0;     // of all IDAT together

  /// Samples a stored pixel: 1 for a palette.
  [[nodiscard]] int samples() const noexcept;
  /// Bytes of a row of `pixels` pixels, without its filter byte.
  [[nodiscard]] std::uint64_t row_bytes(std::uint32_t pixels) const noexcept;
};

/// From the signature to IEND. Errors: image_type_unsupported (Apple's CgBI), image_too_small,
/// image_too_large, image_corrupt.
[[nodiscard]] result<png_structure> read_png(std::string_view bytes, image_limits const& limits);

/// Inflates the image data through a small fixed buffer and checks its size, its checksum and
/// each row's filter type. Errors: image_bomb (more than the header tells), image_corrupt.
[[nodiscard]] result<> check_png_data(std::string_view bytes, png_structure const& structure);

}  // namespace vinny
