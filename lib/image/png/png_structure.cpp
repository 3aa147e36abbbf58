// SPDX-License-Identifier: MIT
#include "image/png/png_structure.hpp"

#include <string>

#include <fmt/format.h>
#include <zlib.h>

#include "image/jpeg/exif.hpp"
#include "image/size.hpp"

namespace vinny {
namespace {

std::uint32_t u32(std::string_view text, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(text[at + i]);
  return value;
}

std::unexpected<failure> corrupt(std::string what) {
  return fail(errc::image_corrupt, "the PNG " + std::move(what));
}

bool crc_holds(png_chunk const& chunk) {
  // Type and data lie side by side in the file.
  auto const* const start = reinterpret_cast<Bytef const*>(chunk.type.data());
  auto const size = chunk.type.size() + chunk.data.size();
  return crc32_z(crc32_z(0, nullptr, 0), start, size) == chunk.crc;
}

/// The combinations of table 8 (W3C PNG, 11.2.1).
bool depth_allowed(int colour, int depth) {
  switch (colour) {
    case 0:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

result<png_structure> read_header(png_chunk const& chunk, image_limits const& limits) {
  if (chunk.type == "CgBI") {
    return fail(errc::image_type_unsupported, "the PNG is of Apple's own kind (CgBI)");
  }
  if (chunk.type != "IHDR" || chunk.data.size() != 13) return corrupt("has no header");
  auto const field = [&](std::size_t at) { return static_cast<std::uint8_t>(chunk.data[at]); };
  png_structure found;
  found.width = u32(chunk.data, 0);
  found.height = u32(chunk.data, 4);
  found.depth = field(8);
  found.colour = field(9);
  found.interlaced = field(12) == 1;
  bool const known = depth_allowed(found.colour, found.depth) && field(10) == 0 && field(11) == 0 &&
                     field(12) <= 1;
  if (!known || !crc_holds(chunk)) return corrupt("has a damaged header");
  if (auto const size = check_size(found.width, found.height, limits); !size) {
    return std::unexpected(size.error());
  }
  return found;
}

bool critical(std::string_view type) {
  return (type[0] & 0x20) == 0;
}

}  // namespace

int png_structure::samples() const noexcept {
  switch (colour) {
    case 2:
      return 3;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 1;
  }
}

std::uint64_t png_structure::row_bytes(std::uint32_t pixels) const noexcept {
  auto const bits = static_cast<std::uint64_t>(samples()) * static_cast<std::uint64_t>(depth);
  return (bits * pixels + 7) / 8;
}

result<png_chunk> png_chunks::next() {
  auto const left = bytes_.size() - at_;
  if (at_ > bytes_.size() || left < 12) {
    return corrupt(fmt::format("breaks off after {} bytes: there is no IEND", bytes_.size()));
  }
  std::size_t const length = u32(bytes_, at_);
  if (length > left - 12) {
    return corrupt(fmt::format("breaks off inside a chunk, after {} bytes", bytes_.size()));
  }
  png_chunk const chunk{.type = bytes_.substr(at_ + 4, 4),
                        .data = bytes_.substr(at_ + 8, length),
                        .crc = u32(bytes_, at_ + 8 + length)};
  at_ += 12 + length;
  return chunk;
}

result<png_structure> read_png(std::string_view bytes, image_limits const& limits) {
  png_chunks chunks(bytes);
  auto const first = chunks.next();
  if (!first) return std::unexpected(first.error());
  auto header = read_header(*first, limits);
  if (!header) return header;
  auto& found = *header;
  bool exif_seen = false;
  for (;;) {
    auto const chunk = chunks.next();
    if (!chunk) return std::unexpected(chunk.error());
    auto const type = chunk->type;
    if (!crc_holds(*chunk)) {
      if (!critical(type)) continue;  // not part of the picture
      return corrupt("has a damaged chunk: its checksum does not hold");
    }
    if (type == "IEND") break;
    if (type == "IDAT") {
      found.data_bytes += chunk->data.size();
    } else if (type == "PLTE") {
      found.palette = chunk->data;
    } else if (type == "tRNS" && found.transparency.empty()) {
      found.transparency = chunk->data;
    } else if (type == "eXIf" && !exif_seen) {
      exif_seen = true;
      found.orientation = exif_orientation(chunk->data);
    } else if (critical(type)) {
      return corrupt("has a critical chunk that no standard knows, or a second header");
    }
  }
  if (found.data_bytes == 0) return corrupt("has no image data");
  auto const entries = found.palette.size() / 3;
  bool const palette_sound = found.palette.size() % 3 == 0 && entries >= 1 && entries <= 256;
  if (found.colour == 3 && !palette_sound) return corrupt("has no sound palette");
  return header;
}

}  // namespace vinny
