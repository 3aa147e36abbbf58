// SPDX-License-Identifier: MIT
#include "image/jpeg/jpeg_segments.hpp"

#include <string>

namespace vinny {
namespace {

std::unexpected<failure> truncated(std::size_t size) {
  return fail(errc::image_corrupt, "the JPEG breaks off after " + std::to_string(size) +
                                       " bytes: there is no end marker");
}

bool is_restart(std::uint8_t marker) {
  return marker >= jpeg_marker::rst0 && marker <= jpeg_marker::rst7;
}

}  // namespace

result<jpeg_segment> jpeg_segments::next() {
  auto const start = at_;
  auto const byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes_[i]); };
  for (;;) {
    // find() on one char is memchr.
    auto mark = bytes_.find('\xFF', at_);
    while (mark < bytes_.size() && byte(mark) == 0xFF) ++mark;  // fill bytes (T.81, B.1.1.2)
    if (mark >= bytes_.size()) return truncated(bytes_.size());
    auto const marker = byte(mark);
    at_ = mark + 1;
    if (marker == 0 || marker == jpeg_marker::tem || is_restart(marker)) continue;

    jpeg_segment segment{.marker = marker, .payload = {}, .whole = {}, .gap = mark - 1 - start};
    if (marker != jpeg_marker::eoi && marker != jpeg_marker::soi) {
      if (bytes_.size() - at_ < 2) return truncated(bytes_.size());
      std::size_t const length = static_cast<std::size_t>(byte(at_)) << 8 | byte(at_ + 1);
      if (length < 2) return fail(errc::image_corrupt, "a JPEG segment is shorter than its head");
      if (bytes_.size() - at_ < length) return truncated(bytes_.size());
      segment.payload = bytes_.substr(at_ + 2, length - 2);
      at_ += length;
      if (marker == jpeg_marker::sos) at_ = end_of_scan(at_);
    }
    segment.whole = bytes_.substr(mark - 1, at_ - (mark - 1));
    return segment;
  }
}

std::size_t jpeg_segments::end_of_scan(std::size_t from) const noexcept {
  for (auto at = bytes_.find('\xFF', from); at != bytes_.npos; at = bytes_.find('\xFF', at)) {
    if (at + 1 >= bytes_.size()) break;
    auto const after = static_cast<std::uint8_t>(bytes_[at + 1]);
    if (after == 0xFF) {
      ++at;
    } else if (after == 0 || is_restart(after)) {
      at += 2;
    } else {
      return at;
    }
  }
  return bytes_.size();
}

}  // namespace vinny
