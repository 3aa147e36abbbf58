// SPDX-License-Identifier: MIT
//
// What a JPEG's headers say, and whether the file is complete. Nothing is decoded here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "image/image.hpp"

namespace vinny {

struct jpeg_structure {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int components = 0;
  bool progressive = false;
  int orientation = 1;
  bool adobe = false;    // an Adobe marker: four components are stored inverted
  std::size_t end = 0;   // offset after EOI; what follows is junk
  std::size_t gaps = 0;  // bytes between segments that belong to none
};

/// From SOI to EOI. Baseline, extended and progressive Huffman coding with 8 bits and 1, 3 or 4
/// components are taken. Errors: image_type_unsupported, image_too_small, image_too_large,
/// image_bomb (more scans than allowed), image_corrupt.
[[nodiscard]] result<jpeg_structure> read_jpeg(std::string_view bytes, image_limits const& limits);

/// The image alone: without what follows EOI and, copied into `storage`, without the stray bytes
/// between segments, which hurt nobody and would trip a decoder that takes warnings as errors.
[[nodiscard]] std::string_view tidy_jpeg(std::string_view bytes, jpeg_structure const& structure,
                                         std::string& storage);

}  // namespace vinny
