// SPDX-License-Identifier: MIT
#include "image/reread.hpp"

#include <limits>

#include "image/sniff.hpp"

namespace vinny {
namespace {

template <class Structure, class Read>
result<Structure> reread(std::string_view bytes, image_info const& info, Read read) {
  auto const type = sniff(bytes);
  if (type && *type == info.type) {
    image_limits limits{.min_width = 1, .min_height = 1, .min_bytes = 0};
    limits.max_scans = std::numeric_limits<int>::max();  // inspect() applied the real limit
    limits.max_pixels = std::numeric_limits<std::int64_t>::max();
    auto structure = read(bytes, limits);
    if (!structure) return fail(errc::image_corrupt, structure.error().message);
    if (structure->width == info.width && structure->height == info.height) return structure;
  }
  return fail(errc::image_corrupt, "the image is not the one that was inspected");
}

}  // namespace

result<jpeg_structure> reread_jpeg(std::string_view bytes, image_info const& info) {
  return reread<jpeg_structure>(bytes, info, read_jpeg);
}

result<png_structure> reread_png(std::string_view bytes, image_info const& info) {
  return reread<png_structure>(bytes, info, read_png);
}

}  // namespace vinny
