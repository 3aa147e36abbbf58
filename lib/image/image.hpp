// SPDX-License-Identifier: MIT
//
// Images: what a file is, whether it is whole, and the smaller JPEGs made of it. Values in,
// values out: no I/O, no shared state, safe to call from any thread. Type is sniffed from the
// bytes, never trusted from a name or a header; limits are checked before anything is allocated.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

enum class image_type { jpeg, png };
/// "image/jpeg", "image/png"
[[nodiscard]] std::string_view mime_type(image_type type) noexcept;

struct image_limits {
  std::uint32_t min_width = 100;
  std::uint32_t min_height = 100;
  std::int64_t min_bytes = 1024;
  std::int64_t max_bytes = 32LL << 20;
  std::int64_t max_pixels = 50'000'000;
  int max_scans = 100;  // of a progressive JPEG
};

struct image_info {
  image_type type = image_type::jpeg;
  std::uint32_t width = 0;  // as stored, before orientation
  std::uint32_t height = 0;
  int orientation = 1;       // EXIF, 1 to 8
  bool progressive = false;  // PNG: interlaced
  int components = 3;        // samples a pixel, alpha included; 3 for a palette
};

/// Reads the header and walks the structure to its end (JPEG: segments to the end marker; PNG:
/// chunks to IEND, with their checksums), decoding and allocating nothing. What follows the end is
/// ignored. Errors: not_an_image (HTML, text, JSON ...; the failure's evidence holds the first 512
/// bytes as text), image_type_unsupported (GIF, WebP, AVIF, SVG, lossless JPEG ...),
/// image_too_few_bytes, image_too_small, image_too_large (pixels or bytes), image_bomb (scans),
/// image_corrupt (truncated).
[[nodiscard]] result<image_info> inspect(std::string_view bytes, image_limits const& limits);

/// Decodes every pixel's entropy data: JPEG at 1/8 with warnings as errors, PNG through a small
/// fixed buffer. `info` is what inspect() said of the same bytes. Errors: image_corrupt,
/// image_bomb (a PNG that inflates to more than its header tells), io_error (no memory).
[[nodiscard]] result<> verify(std::string_view bytes, image_info const& info);

/// How renditions of one kind are made.
struct render_profile {
  bool apply_orientation = true;  // false: stay in the source's raw pixel space
  int quality = 85;               // JPEG, 1 to 100; always progressive, 4:2:0, no metadata
};

struct rendition_spec {
  std::string label;
  std::uint32_t box_width = 0;   // fit inside, keep the aspect, never upscale
  std::uint32_t box_height = 0;  // 0: free
};

struct rendered {
  std::string label;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::string bytes;  // JPEG
};

/// One decode, then each size from the next larger. Alpha is laid on white, CMYK becomes RGB, grey
/// stays grey, a side is never less than 1 px; ICC profiles and gamma are dropped, not applied. A
/// JPEG that fits its box and stands upright is rewritten losslessly: progressive, no metadata, but
/// of its own quality and subsampling. Output is in the order of the specs. `info` is what
/// inspect() said of the same bytes; memory is a few times its pixels. Errors: image_corrupt,
/// image_too_large (a side over JPEG's 65,500 px), io_error (no memory), internal.
[[nodiscard]] result<std::vector<rendered>> render(std::string_view bytes, image_info const& info,
                                                   render_profile const& profile,
                                                   std::span<rendition_spec const> specs);

/// The size of a source after fitting it into a box: never upscaled, never 0. A box side of 0 is
/// free.
struct box_size {
  std::uint32_t width;
  std::uint32_t height;
};
[[nodiscard]] box_size fit(std::uint32_t width, std::uint32_t height, std::uint32_t box_width,
                           std::uint32_t box_height) noexcept;

}  // namespace vinny
