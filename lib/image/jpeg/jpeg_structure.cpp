// SPDX-License-Identifier: MIT
#include "image/jpeg/jpeg_structure.hpp"

#include <fmt/format.h>

#include "image/jpeg/exif.hpp"
#include "image/jpeg/jpeg_segments.hpp"
#include "image/size.hpp"

namespace vinny {
namespace {

using namespace std::string_view_literals;

constexpr auto exif_head = "Exif\0\0"sv;

std::uint8_t byte(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

bool is_frame(std::uint8_t marker) {  // every SOFn, JPG (0xC8) among them
  return marker >= jpeg_marker::sof0 && marker <= jpeg_marker::sof15 &&
         marker != jpeg_marker::dht && marker != jpeg_marker::dac;
}

result<> read_frame(jpeg_segment const& segment, image_limits const& limits, jpeg_structure& into) {
  if (into.components != 0) return fail(errc::image_corrupt, "the JPEG has two frame headers");
  if (segment.marker > jpeg_marker::sof2) {
    return fail(errc::image_type_unsupported,
                fmt::format("the JPEG is lossless, hierarchical or arithmetic-coded (SOF{})",
                            segment.marker - jpeg_marker::sof0));
  }
  auto const frame = segment.payload;
  if (frame.size() < 6) return fail(errc::image_corrupt, "the JPEG's frame header is too short");
  if (byte(frame, 0) != 8) {
    return fail(errc::image_type_unsupported,
                fmt::format("the JPEG has {} bits a sample, only 8 are taken", byte(frame, 0)));
  }
  into.height = static_cast<std::uint32_t>(byte(frame, 1) << 8 | byte(frame, 2));
  into.width = static_cast<std::uint32_t>(byte(frame, 3) << 8 | byte(frame, 4));
  into.components = byte(frame, 5);
  into.progressive = segment.marker == jpeg_marker::sof2;
  if (into.components != 1 && into.components != 3 && into.components != 4) {
    return fail(errc::image_type_unsupported,
                fmt::format("the JPEG has {} components", into.components));
  }
  if (frame.size() != 6 + 3 * static_cast<std::size_t>(into.components)) {
    return fail(errc::image_corrupt, "the JPEG's frame header has the wrong length");
  }
  // Height 0 stands for "a DNL segment will tell" (T.81, B.2.5); no decoder of ours reads that.
  return check_size(into.width, into.height, limits);
}

}  // namespace

result<jpeg_structure> read_jpeg(std::string_view bytes, image_limits const& limits) {
  jpeg_structure found;
  jpeg_segments segments(bytes);
  int scans = 0;
  bool exif_seen = false;
  for (;;) {
    auto const segment = segments.next();
    if (!segment) return std::unexpected(segment.error());
    found.gaps += segment->gap;
    auto const marker = segment->marker;
    auto const payload = segment->payload;
    if (marker == jpeg_marker::eoi) break;
    if (marker == jpeg_marker::soi) return fail(errc::image_corrupt, "a second JPEG start marker");
    if (marker == jpeg_marker::dnl) return fail(errc::image_corrupt, "the JPEG has a DNL segment");
    if (marker == jpeg_marker::dhp || marker == jpeg_marker::exp) {
      return fail(errc::image_type_unsupported, "the JPEG is hierarchical");
    }
    if (is_frame(marker)) {
      if (auto const read = read_frame(*segment, limits, found); !read) {
        return std::unexpected(read.error());
      }
    } else if (marker == jpeg_marker::sos) {
      if (found.components == 0) return fail(errc::image_corrupt, "a JPEG scan without a frame");
      if (++scans > limits.max_scans) {
        return fail(errc::image_bomb,
                    fmt::format("the JPEG has more than {} scans", limits.max_scans));
      }
    } else if (marker == jpeg_marker::app1 && !exif_seen && payload.starts_with(exif_head)) {
      exif_seen = true;
      found.orientation = exif_orientation(payload.substr(exif_head.size()));
    } else if (marker == jpeg_marker::app14 && payload.size() >= 12 &&
               payload.starts_with("Adobe"sv)) {
      found.adobe = true;
    }
  }
  if (scans == 0) return fail(errc::image_corrupt, "the JPEG has no scan");
  found.end = segments.position();
  return found;
}

std::string_view tidy_jpeg(std::string_view bytes, jpeg_structure const& structure,
                           std::string& storage) {
  auto const image = bytes.substr(0, structure.end);
  if (structure.gaps == 0) return image;
  storage.reserve(image.size());
  storage = image.substr(0, 2);
  jpeg_segments segments(image);
  while (auto const segment = segments.next()) {
    storage += segment->whole;
    if (segment->marker == jpeg_marker::eoi) break;
  }
  return storage;
}

}  // namespace vinny
