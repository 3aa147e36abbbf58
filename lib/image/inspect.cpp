// SPDX-License-Identifier: MIT
#include "image/image.hpp"

#include <utility>

#include <fmt/format.h>

#include "image/jpeg/jpeg_structure.hpp"
#include "image/png/png_structure.hpp"
#include "image/sniff.hpp"

namespace vinny {
namespace {

result<> check_bytes(std::size_t size, image_limits const& limits) {
  if (std::cmp_less(size, limits.min_bytes)) {
    return fail(errc::image_too_few_bytes,
                fmt::format("{} bytes are under the minimum of {}", size, limits.min_bytes));
  }
  if (std::cmp_greater(size, limits.max_bytes)) {
    return fail(errc::image_too_large,
                fmt::format("{} bytes are over the limit of {}", size, limits.max_bytes));
  }
  return {};
}

}  // namespace

std::string_view mime_type(image_type type) noexcept {
  return type == image_type::png ? "image/png" : "image/jpeg";
}

result<image_info> inspect(std::string_view bytes, image_limits const& limits) {
  if (bytes.empty()) return fail(errc::image_too_few_bytes, "the body is empty");
  auto const type = sniff(bytes);
  if (!type) return std::unexpected(type.error());
  if (auto const size = check_bytes(bytes.size(), limits); !size) {
    return std::unexpected(size.error());
  }
  if (*type == image_type::jpeg) {
    auto const jpeg = read_jpeg(bytes, limits);
    if (!jpeg) return std::unexpected(jpeg.error());
    return image_info{.type = image_type::jpeg,
                      .width = jpeg->width,
                      .height = jpeg->height,
                      .orientation = jpeg->orientation,
                      .progressive = jpeg->progressive,
                      .components = jpeg->components};
  }
  auto const png = read_png(bytes, limits);
  if (!png) return std::unexpected(png.error());
  return image_info{.type = image_type::png,
                    .width = png->width,
                    .height = png->height,
                    .orientation = png->orientation,
                    .progressive = png->interlaced,
                    .components = png->colour == 3 ? 3 : png->samples()};
}

}  // namespace vinny
