// SPDX-License-Identifier: MIT
#include "image/size.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace vinny {
namespace {

/// value * numerator / denominator to the nearest, at least 1.
std::uint32_t scaled(std::uint32_t value, std::uint32_t numerator, std::uint32_t denominator) {
  auto const product = std::uint64_t{value} * numerator;
  auto const rounded = (product + denominator / 2) / denominator;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(rounded, 1));
}

}  // namespace

result<> check_size(std::uint32_t width, std::uint32_t height, image_limits const& limits) {
  if (width == 0 || height == 0) {
    return fail(errc::image_corrupt, fmt::format("the header says {}x{} px", width, height));
  }
  if (width < limits.min_width || height < limits.min_height) {
    return fail(errc::image_too_small, fmt::format("{}x{} px is under the minimum of {}x{}", width,
                                                   height, limits.min_width, limits.min_height));
  }
  auto const pixels = std::uint64_t{width} * height;
  if (limits.max_pixels < 0 || pixels > static_cast<std::uint64_t>(limits.max_pixels)) {
    return fail(errc::image_too_large, fmt::format("{}x{} px is over the limit of {} pixels", width,
                                                   height, limits.max_pixels));
  }
  return {};
}

box_size fit(std::uint32_t width, std::uint32_t height, std::uint32_t box_width,
             std::uint32_t box_height) noexcept {
  width = std::max(width, 1U);
  height = std::max(height, 1U);
  if (box_width == 0 || box_width > width) box_width = width;
  if (box_height == 0 || box_height > height) box_height = height;
  // The side that is cut harder decides; cross-multiplied to stay in integers.
  bool const by_width = std::uint64_t{box_width} * height <= std::uint64_t{box_height} * width;
  if (by_width) return {box_width, std::min(scaled(height, box_width, width), box_height)};
  return {std::min(scaled(width, box_height, height), box_width), box_height};
}

}  // namespace vinny
