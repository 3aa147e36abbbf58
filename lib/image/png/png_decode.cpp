// SPDX-License-Identifier: MIT
#include "image/png/png_decode.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include <turbojpeg.h>

#include "image/rgb.hpp"

namespace {

// stb_image inflates until the data ends, whatever the header says: no single allocation may
// outgrow what the header stands for.
thread_local std::size_t allocation_limit = 0;
thread_local bool memory_ran_out = false;

void* or_noted(void* memory) {
  if (memory == nullptr) memory_ran_out = true;
  return memory;
}
void* limited_malloc(std::size_t size) {
  return size <= allocation_limit ? or_noted(std::malloc(size)) : nullptr;
}
void* limited_realloc(void* memory, std::size_t size) {
  return size <= allocation_limit ? or_noted(std::realloc(memory, size)) : nullptr;
}

}  // namespace

#define STBI_MALLOC(size) limited_malloc(size)
#define STBI_REALLOC(memory, size) limited_realloc(memory, size)
#define STBI_FREE(memory) std::free(memory)
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_MAX_DIMENSIONS (1 << 24)
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

namespace vinny {
namespace {

struct free_stb {
  void operator()(stbi_uc* memory) const noexcept { stbi_image_free(memory); }
};
using stb_pixels = std::unique_ptr<stbi_uc, free_stb>;

void append_u32(std::string& out, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_u32(out, data.size());
  out += type;
  out += data;
  out.append(4, '\0');  // stb_image reads no CRC
}

/// Only what makes the picture, in the order and sizes that stb_image can be trusted with: it
/// reads a palette past its end when a pixel says so, and grows its buffer chunk by chunk.
std::string canonical(std::string_view bytes, png_structure const& png) {
  std::string out;
  out.reserve(png.data_bytes + 2048);
  out = bytes.substr(0, 8);
  append_chunk(out, "IHDR", bytes.substr(16, 13));
  auto const entries = png.palette.size() / 3;
  auto transparency = png.transparency;
  if (png.colour == 3) {
    std::string palette(png.palette);
    palette.resize(std::size_t{256} * 3);
    append_chunk(out, "PLTE", palette);
    transparency = transparency.substr(0, entries);
  }
  bool const fitting = png.colour == 3   ? !transparency.empty()
                       : png.colour == 0 ? transparency.size() == 2
                                         : png.colour == 2 && transparency.size() == 6;
  if (fitting) append_chunk(out, "tRNS", transparency);
  append_u32(out, png.data_bytes);
  out += "IDAT";
  png_chunks chunks(bytes);
  while (auto const chunk = chunks.next()) {
    if (chunk->type == "IEND") break;
    if (chunk->type == "IDAT") out += chunk->data;
  }
  out.append(4, '\0');
  append_chunk(out, "IEND", {});
  return out;
}

/// Twice the filtered rows (stb_image grows by doubling), or the pixels when they are more.
std::size_t memory_for(png_structure const& png) {
  auto const row = png.row_bytes(png.width) + static_cast<unsigned>(png.samples()) + 1;
  auto const rows = row * png.height;
  auto const pixels = std::uint64_t{png.width} * png.height * (png.depth == 16 ? 8 : 4);
  return std::max(2 * rows, pixels) + png.data_bytes + 65536;
}

result<picture> grey_picture(std::uint8_t const* pixels, int width, int height, int channels) {
  auto made = make_plane(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height));
  if (!made) return std::unexpected(made.error());
  for (std::uint32_t y = 0; y < made->height; ++y) {
    auto* const row = made->row(y);
    for (std::uint32_t x = 0; x < made->width; ++x, pixels += channels) row[x] = *pixels;
  }
  picture grey;
  grey.width = width;
  grey.height = height;
  grey.planes.push_back(std::move(*made));
  return grey;
}

}  // namespace

result<picture> decode_png(std::string_view bytes, png_structure const& structure) {
  auto const source = canonical(bytes, structure);
  if (source.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return fail(errc::image_too_large, "the PNG has more than 2 GiB of image data");
  }
  allocation_limit = memory_for(structure);
  memory_ran_out = false;
  int width = 0;
  int height = 0;
  int channels = 0;
  stb_pixels const pixels(stbi_load_from_memory(reinterpret_cast<stbi_uc const*>(source.data()),
                                                static_cast<int>(source.size()), &width, &height,
                                                &channels, 0));
  if (!pixels && memory_ran_out) return fail(errc::io_error, "no memory for the pixels of a PNG");
  if (!pixels) {
    auto const* const why = stbi_failure_reason();
    return fail(errc::image_corrupt,
                std::string("the PNG cannot be decoded: ") + (why != nullptr ? why : "no reason"));
  }
  if (channels == 2 || channels == 4) {
    auto const count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    auto const size = count * static_cast<std::size_t>(channels);
    lay_on_white({pixels.get(), size}, static_cast<std::size_t>(channels));
  }
  if (channels <= 2) return grey_picture(pixels.get(), width, height, channels);
  return picture_from_rgb(pixels.get(), width, height, channels == 4 ? TJPF_RGBX : TJPF_RGB);
}

}  // namespace vinny
