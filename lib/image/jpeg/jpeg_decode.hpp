// SPDX-License-Identifier: MIT
//
// From a JPEG to a picture, and the checks that need a decoder.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/jpeg/jpeg_structure.hpp"
#include "image/picture.hpp"

namespace vinny {

// `bytes` are those of tidy_jpeg() throughout.

/// Decodes at an eighth with warnings as errors: all entropy data is read, few pixels are made.
/// Error: image_corrupt.
[[nodiscard]] result<> check_jpeg_data(std::string_view bytes, jpeg_structure const& structure);

/// Decodes at the smallest scale that still has about twice the wanted size: nearer to it the
/// decoder's own, cruder scaling would show. YCbCr and grey stay as they are stored; CMYK, YCCK
/// and RGB are converted. ICC profiles are not applied. Error: image_corrupt.
[[nodiscard]] result<picture> decode_jpeg(std::string_view bytes, jpeg_structure const& structure,
                                          std::uint32_t wanted_width, std::uint32_t wanted_height);

/// True when the file can be rewritten losslessly: YCbCr or grey, of a usual subsampling.
[[nodiscard]] bool can_rewrite(std::string_view bytes, jpeg_structure const& structure);
/// The same coefficients as a progressive JPEG without metadata. Error: image_corrupt.
[[nodiscard]] result<std::string> rewrite_jpeg(std::string_view bytes);

}  // namespace vinny
