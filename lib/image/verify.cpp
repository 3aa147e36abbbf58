// SPDX-License-Identifier: MIT
#include "image/image.hpp"
#include "image/jpeg/jpeg_decode.hpp"
#include "image/reread.hpp"

namespace vinny {

result<> verify(std::string_view bytes, image_info const& info) {
  if (info.type == image_type::png) {
    auto const png = reread_png(bytes, info);
    if (!png) return std::unexpected(png.error());
    return check_png_data(bytes, *png);
  }
  auto const jpeg = reread_jpeg(bytes, info);
  if (!jpeg) return std::unexpected(jpeg.error());
  std::string storage;
  return check_jpeg_data(tidy_jpeg(bytes, *jpeg, storage), *jpeg);
}

}  // namespace vinny
