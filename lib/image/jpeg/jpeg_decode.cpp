// SPDX-License-Identifier: MIT
#include "image/jpeg/jpeg_decode.hpp"

#include <array>
#include <utility>

#include "image/jpeg/turbo.hpp"
#include "image/rgb.hpp"

namespace vinny {
namespace {

/// The scales with SIMD code; 5/8, 6/8 and the like cost more than a full decode.
constexpr std::array<int, 4> denominators{8, 4, 2, 1};

int scaled(std::uint32_t size, int denominator) {
  return TJSCALED(static_cast<int>(size), (tjscalingfactor{1, denominator}));
}

int choose_denominator(jpeg_structure const& jpeg, std::uint32_t width, std::uint32_t height) {
  auto const roomy = [](std::uint32_t have, int denominator, std::uint32_t wanted) {
    return std::uint64_t{have} * 10 >=
           std::uint64_t{wanted} * 14 * static_cast<unsigned>(denominator);
  };
  for (auto const denominator : denominators) {
    if (roomy(jpeg.width, denominator, width) && roomy(jpeg.height, denominator, height)) {
      return denominator;
    }
  }
  return 1;
}

result<picture> decode_planes(turbo_handle const& decoder, std::string_view bytes,
                              jpeg_structure const& jpeg, int subsampling, int denominator) {
  auto const width = scaled(jpeg.width, denominator);
  auto const height = scaled(jpeg.height, denominator);
  picture decoded;
  decoded.width = static_cast<double>(jpeg.width) / denominator;
  decoded.height = static_cast<double>(jpeg.height) / denominator;
  if (subsampling != TJSAMP_GRAY) {
    decoded.chroma_x = static_cast<std::uint32_t>(tjMCUWidth[subsampling]) / 8;
    decoded.chroma_y = static_cast<std::uint32_t>(tjMCUHeight[subsampling]) / 8;
  }
  std::array<unsigned char*, 3> rows{};
  std::array<int, 3> strides{};
  int const count = subsampling == TJSAMP_GRAY ? 1 : 3;
  for (int i = 0; i < count; ++i) {
    // TurboJPEG's own size of the luma plane counts padding, which is no part of the picture.
    auto const columns = i == 0 ? width : tjPlaneWidth(i, width, subsampling);
    auto const lines = i == 0 ? height : tjPlaneHeight(i, height, subsampling);
    auto made = make_plane(static_cast<std::uint32_t>(columns), static_cast<std::uint32_t>(lines));
    if (!made) return std::unexpected(made.error());
    rows[static_cast<std::size_t>(i)] = made->samples.get();
    strides[static_cast<std::size_t>(i)] = static_cast<int>(made->stride);
    decoded.planes.push_back(std::move(*made));
  }
  if (tjDecompressToYUVPlanes(decoder.get(), turbo_bytes(bytes), bytes.size(), rows.data(), width,
                              strides.data(), height, strict_decode) != 0) {
    return turbo_failure(decoder, "the JPEG cannot be decoded");
  }
  return decoded;
}

/// The way of everything that is not plain YCbCr: through four bytes a pixel.
result<picture> decode_pixels(turbo_handle const& decoder, std::string_view bytes,
                              jpeg_structure const& jpeg, int denominator) {
  auto const width = scaled(jpeg.width, denominator);
  auto const height = scaled(jpeg.height, denominator);
  auto const count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  auto const pixels = allocate_pixels(count * 4);
  if (!pixels) return fail(errc::io_error, "no memory for the pixels of a JPEG");
  bool const cmyk = jpeg.components == 4;
  if (tjDecompress2(decoder.get(), turbo_bytes(bytes), bytes.size(), pixels.get(), width, width * 4,
                    height, cmyk ? TJPF_CMYK : TJPF_RGBX, strict_decode) != 0) {
    return turbo_failure(decoder, "the JPEG cannot be decoded");
  }
  if (cmyk) cmyk_to_rgbx({pixels.get(), count * 4}, jpeg.adobe);
  auto converted = picture_from_rgb(pixels.get(), width, height, TJPF_RGBX);
  if (!converted) return converted;
  converted->width = static_cast<double>(jpeg.width) / denominator;
  converted->height = static_cast<double>(jpeg.height) / denominator;
  return converted;
}

bool plain(turbo_header const& header) {
  bool const known = header.subsampling >= 0;
  return known && (header.colourspace == TJCS_YCbCr || header.colourspace == TJCS_GRAY);
}

result<turbo_header> header_of(turbo_handle const& decoder, std::string_view bytes,
                               jpeg_structure const& jpeg) {
  auto header = read_turbo_header(decoder, bytes);
  if (!header) return header;
  // Memory was granted for the size that the limits were checked on, and for no other.
  if (std::cmp_not_equal(header->width, jpeg.width) ||
      std::cmp_not_equal(header->height, jpeg.height)) {
    return fail(errc::image_corrupt, "the JPEG's header can be read in two ways");
  }
  return header;
}

}  // namespace

result<> check_jpeg_data(std::string_view bytes, jpeg_structure const& structure) {
  turbo_handle const decoder(tjInitDecompress());
  auto const header = header_of(decoder, bytes, structure);
  if (!header) return std::unexpected(header.error());
  int format = TJPF_RGB;
  if (structure.components == 4) format = TJPF_CMYK;
  if (header->colourspace == TJCS_YCbCr || header->colourspace == TJCS_GRAY) format = TJPF_GRAY;
  auto const width = scaled(structure.width, 8);
  auto const height = scaled(structure.height, 8);
  auto const pitch = width * tjPixelSize[format];
  auto const pixels =
      allocate_pixels(static_cast<std::size_t>(pitch) * static_cast<std::size_t>(height));
  if (!pixels) return fail(errc::io_error, "no memory for the pixels of a JPEG");
  if (tjDecompress2(decoder.get(), turbo_bytes(bytes), bytes.size(), pixels.get(), width, pitch,
                    height, format, strict_decode) != 0) {
    return turbo_failure(decoder, "the JPEG is damaged");
  }
  return {};
}

result<picture> decode_jpeg(std::string_view bytes, jpeg_structure const& structure,
                            std::uint32_t wanted_width, std::uint32_t wanted_height) {
  turbo_handle const decoder(tjInitDecompress());
  auto const header = header_of(decoder, bytes, structure);
  if (!header) return std::unexpected(header.error());
  auto const denominator = choose_denominator(structure, wanted_width, wanted_height);
  if (!plain(*header)) return decode_pixels(decoder, bytes, structure, denominator);
  return decode_planes(decoder, bytes, structure, header->subsampling, denominator);
}

bool can_rewrite(std::string_view bytes, jpeg_structure const& structure) {
  turbo_handle const decoder(tjInitDecompress());
  auto const header = header_of(decoder, bytes, structure);
  return header && plain(*header);
}

result<std::string> rewrite_jpeg(std::string_view bytes) {
  turbo_handle const transformer(tjInitTransform());
  if (!transformer) return turbo_failure(transformer, "TurboJPEG could not be started");
  tjtransform how{};
  how.op = TJXOP_NONE;
  how.options = TJXOPT_COPYNONE | TJXOPT_PROGRESSIVE;
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  auto const status = tjTransform(transformer.get(), turbo_bytes(bytes), bytes.size(), 1, &memory,
                                  &size, &how, strict_decode);
  turbo_buffer const owner(memory);
  if (status != 0) return turbo_failure(transformer, "the JPEG cannot be rewritten");
  std::string rewritten(reinterpret_cast<char const*>(memory), size);
  if (!rewritten.starts_with("\xFF\xD8\xFF") || !rewritten.ends_with("\xFF\xD9")) {
    return fail(errc::internal, "a rewritten JPEG does not begin and end like one");
  }
  return rewritten;
}

}  // namespace vinny
