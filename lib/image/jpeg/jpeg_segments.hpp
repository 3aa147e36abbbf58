// SPDX-License-Identifier: MIT
//
// A JPEG as a row of segments (ITU-T T.81, annex B). Reads bounds only; nothing is decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/failure.hpp"

namespace vinny {

namespace jpeg_marker {
inline constexpr std::uint8_t sof0 = 0xC0;
inline constexpr std::uint8_t sof1 = 0xC1;
inline constexpr std::uint8_t sof2 = 0xC2;
inline constexpr std::uint8_t dht = 0xC4;
inline constexpr std::uint8_t dac = 0xCC;
inline constexpr std::uint8_t sof15 = 0xCF;
inline constexpr std::uint8_t rst0 = 0xD0;
inline constexpr std::uint8_t rst7 = 0xD7;
inline constexpr std::uint8_t soi = 0xD8;
inline constexpr std::uint8_t eoi = 0xD9;
inline constexpr std::uint8_t sos = 0xDA;
inline constexpr std::uint8_t dnl = 0xDC;
inline constexpr std::uint8_t dhp = 0xDE;
inline constexpr std::uint8_t exp = 0xDF;
inline constexpr std::uint8_t app1 = 0xE1;
inline constexpr std::uint8_t app14 = 0xEE;
inline constexpr std::uint8_t tem = 0x01;
}  // namespace jpeg_marker

struct jpeg_segment {
  std::uint8_t marker = 0;
  std::string_view payload;  // after the length field; empty for EOI
  std::string_view whole;    // marker, length, payload and, after SOS, the entropy-coded data
  std::size_t gap = 0;       // bytes before it that belong to no segment
};

/// Yields the segments after SOI, the last one being EOI.
class jpeg_segments {
 public:
  /// `bytes` begin with SOI.
  explicit jpeg_segments(std::string_view bytes) noexcept : bytes_(bytes) {}

  /// Error: image_corrupt when the file ends before EOI.
  [[nodiscard]] result<jpeg_segment> next();
  /// Offset of the first byte not yet read: after EOI, the end of the image.
  [[nodiscard]] std::size_t position() const noexcept { return at_; }

 private:
  [[nodiscard]] std::size_t end_of_scan(std::size_t from) const noexcept;

  std::string_view bytes_;
  std::size_t at_ = 2;
};

}  // namespace vinny
