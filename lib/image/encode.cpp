// SPDX-License-Identifier: MIT
#include "image/encode.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "image/turbo.hpp"

namespace vinny {
namespace {

constexpr double longest_side = 65500;  // libjpeg's JPEG_MAX_DIMENSION

}  // namespace

result<std::string> encode_jpeg(picture const& source, int quality) {
  if (source.width > longest_side || source.height > longest_side) {
    return fail(errc::image_too_large,
                fmt::format("{}x{} px is more than a JPEG can hold", source.width, source.height));
  }
  turbo_handle const encoder(tjInitCompress());
  if (!encoder) return fail(errc::internal, "TurboJPEG could not be started");
  std::array<unsigned char const*, 3> rows{};
  std::array<int, 3> strides{};
  for (std::size_t i = 0; i < source.planes.size(); ++i) {
    rows[i] = source.planes[i].samples.get();
    strides[i] = static_cast<int>(source.planes[i].stride);
  }
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  auto const status = tjCompressFromYUVPlanes(
      encoder.get(), rows.data(), static_cast<int>(source.width), strides.data(),
      static_cast<int>(source.height), source.grey() ? TJSAMP_GRAY : TJSAMP_420, &memory, &size,
      std::clamp(quality, 1, 100), TJFLAG_PROGRESSIVE | TJFLAG_ACCURATEDCT);
  turbo_buffer const owner(memory);
  if (status != 0) {
    return fail(errc::internal,
                std::string("a JPEG cannot be encoded: ") + tjGetErrorStr2(encoder.get()));
  }
  return std::string(reinterpret_cast<char const*>(memory), size);
}

}  // namespace vinny
