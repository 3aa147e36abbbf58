// SPDX-License-Identifier: MIT
//
// Images made for the tests: JPEGs by TurboJPEG, PNGs by a small writer.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <turbojpeg.h>
#include <zlib.h>
#include <catch2/catch.hpp>

#include "image/image.hpp"

namespace vinny::test {

struct colour {
  int r, g, b;
};

struct bitmap {  // RGB
  int width = 0;
  int height = 0;
  std::vector<unsigned char> rgb;

  [[nodiscard]] colour at(int x, int y) const {
    auto const i = (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                    static_cast<std::size_t>(x)) *
                   3;
    return {rgb[i], rgb[i + 1], rgb[i + 2]};
  }
};

/// `paint` is asked with the middle of each pixel, in 0 to 1 each way.
inline bitmap draw(int width, int height, std::function<colour(double, double)> const& paint) {
  bitmap made{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      auto const c = paint((x + 0.5) / width, (y + 0.5) / height);
      for (int const v : {c.r, c.g, c.b}) made.rgb.push_back(static_cast<unsigned char>(v));
    }
  }
  return made;
}

/// Smooth in luma and in colour, different in every direction.
inline colour gradient(double x, double y) {
  return {static_cast<int>(std::lround(40 + 170 * x)), static_cast<int>(std::lround(40 + 170 * y)),
          static_cast<int>(std::lround(128 + 80 * std::sin(5 * x + 4 * y)))};
}

/// Red and green above, blue and yellow below.
inline colour corners(double x, double y) {
  if (y < 0.5) return x < 0.5 ? colour{220, 30, 30} : colour{30, 200, 30};
  return x < 0.5 ? colour{30, 30, 220} : colour{220, 220, 30};
}

inline std::string take(unsigned char* memory, unsigned long size) {
  std::string bytes(reinterpret_cast<char*>(memory), size);
  tjFree(memory);
  return bytes;
}

inline std::string jpeg(bitmap const& from, int subsampling = TJSAMP_420, int flags = 0,
                        int quality = 92) {
  auto* const handle = tjInitCompress();
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  auto const status = tjCompress2(handle, from.rgb.data(), from.width, 0, from.height, TJPF_RGB,
                                  &memory, &size, subsampling, quality, flags);
  tjDestroy(handle);
  REQUIRE(status == 0);
  return take(memory, size);
}

/// Inks stored inverted, as Adobe does.
inline std::string cmyk_jpeg(bitmap const& from) {
  std::vector<unsigned char> inks;
  for (std::size_t i = 0; i < from.rgb.size(); i += 3) {
    auto const black = std::max({from.rgb[i], from.rgb[i + 1], from.rgb[i + 2], std::uint8_t{1}});
    for (std::size_t c = 0; c < 3; ++c) {
      inks.push_back(static_cast<unsigned char>(from.rgb[i + c] * 255 / black));
    }
    inks.push_back(black);
  }
  auto* const handle = tjInitCompress();
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  auto const status = tjCompress2(handle, inks.data(), from.width, 0, from.height, TJPF_CMYK,
                                  &memory, &size, TJSAMP_444, 95, 0);
  tjDestroy(handle);
  REQUIRE(status == 0);
  return take(memory, size);
}

inline bitmap decode(std::string const& bytes) {
  auto* const handle = tjInitDecompress();
  auto const* const data = reinterpret_cast<unsigned char const*>(bytes.data());
  bitmap made;
  int subsampling = 0;
  int colourspace = 0;
  REQUIRE(tjDecompressHeader3(handle, data, bytes.size(), &made.width, &made.height, &subsampling,
                              &colourspace) == 0);
  made.rgb.resize(static_cast<std::size_t>(made.width) * static_cast<std::size_t>(made.height) * 3);
  REQUIRE(tjDecompress2(handle, data, bytes.size(), made.rgb.data(), made.width, 0, made.height,
                        TJPF_RGB, TJFLAG_STOPONWARNING) == 0);
  tjDestroy(handle);
  return made;
}

/// In dB; over all three channels.
inline double psnr(bitmap const& a, bitmap const& b) {
  REQUIRE(a.width == b.width);
  REQUIRE(a.height == b.height);
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) {
    auto const difference = static_cast<double>(a.rgb[i]) - b.rgb[i];
    sum += difference * difference;
  }
  auto const mean = sum / static_cast<double>(a.rgb.size());
  return mean == 0 ? 99.0 : 10 * std::log10(255.0 * 255.0 / mean);
}

inline bool near(colour a, colour b, int tolerance = 24) {
  return std::abs(a.r - b.r) <= tolerance && std::abs(a.g - b.g) <= tolerance &&
         std::abs(a.b - b.b) <= tolerance;
}

inline std::string u32(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
  return out;
}

/// A TIFF block whose only entry is the orientation.
inline std::string tiff(int orientation, bool little) {
  using namespace std::string_literals;
  auto const low = static_cast<char>(orientation);
  if (little) {
    return "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s + low + "\0\0\0\0\0\0\0"s;
  }
  return "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + low + "\0\0\0\0\0\0"s;
}

inline std::string with_exif(std::string const& bytes, int orientation, bool little = true) {
  using namespace std::string_literals;
  auto const payload = "Exif\0\0"s + tiff(orientation, little);
  auto const length = payload.size() + 2;
  return bytes.substr(0, 2) + "\xFF\xE1"s + static_cast<char>(length >> 8) +
         static_cast<char>(length & 0xFF) + payload + bytes.substr(2);
}

inline std::string png_chunk(std::string const& type, std::string const& data) {
  auto const body = type + data;
  auto const crc =
      crc32(0, reinterpret_cast<Bytef const*>(body.data()), static_cast<uInt>(body.size()));
  return u32(static_cast<std::uint32_t>(data.size())) + body + u32(static_cast<std::uint32_t>(crc));
}

inline std::string deflated(std::string const& raw) {
  auto size = compressBound(raw.size());
  std::string out(size, '\0');
  REQUIRE(compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                    reinterpret_cast<Bytef const*>(raw.data()), raw.size(), 6) == Z_OK);
  out.resize(size);
  return out;
}

struct png_file {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int colour = 2;
  int depth = 8;
  int interlace = 0;
  std::string raw;     // rows, each with its filter byte
  std::string before;  // chunks before IDAT

  [[nodiscard]] std::string header() const {
    std::string data = u32(width) + u32(height);
    for (int const v : {depth, colour, 0, 0, interlace}) data += static_cast<char>(v);
    return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", data);
  }
  [[nodiscard]] std::string bytes() const {
    auto const data = deflated(raw);
    auto const half = data.size() / 2;  // two chunks: the stream goes on across them
    return header() + before + png_chunk("IDAT", data.substr(0, half)) +
           png_chunk("IDAT", data.substr(half)) + png_chunk("IEND", "");
  }
};

/// Unfiltered 8-bit rows; `pixel` gives the samples of each.
inline png_file png(int width, int height, int colour_type,
                    std::function<std::string(int, int)> const& pixel) {
  png_file file{.width = static_cast<std::uint32_t>(width),
                .height = static_cast<std::uint32_t>(height),
                .colour = colour_type,
                .raw = {},
                .before = {}};
  for (int y = 0; y < height; ++y) {
    file.raw += '\0';
    for (int x = 0; x < width; ++x) file.raw += pixel(x, y);
  }
  return file;
}

inline std::string samples(std::initializer_list<int> values) {
  std::string out;
  for (int const v : values) out += static_cast<char>(v);
  return out;
}

inline png_file png(bitmap const& from) {
  return png(from.width, from.height, 2, [&](int x, int y) {
    auto const c = from.at(x, y);
    return samples({c.r, c.g, c.b});
  });
}

/// Nothing is too small or too short.
inline image_limits any_size() {
  return {.min_width = 1, .min_height = 1, .min_bytes = 0};
}

inline image_info info_of(std::string const& bytes) {
  auto const info = inspect(bytes, any_size());
  REQUIRE(info);
  return *info;
}

/// ok, or the code of the first of inspect() and verify() that refuses.
inline std::string judge(std::string const& bytes, image_limits const& limits = any_size()) {
  auto const info = inspect(bytes, limits);
  if (!info) return std::string(name(info.error().code));
  auto const sound = verify(bytes, *info);
  return sound ? "ok" : std::string(name(sound.error().code));
}

inline std::vector<rendered> render_all(std::string const& bytes,
                                        std::vector<rendition_spec> const& specs,
                                        render_profile const& profile = {}) {
  auto made = render(bytes, info_of(bytes), profile, specs);
  if (!made) FAIL(made.error().message);
  return std::move(*made);
}

inline rendered render_one(std::string const& bytes, std::uint32_t box_width,
                           std::uint32_t box_height, render_profile const& profile = {}) {
  auto made = render_all(bytes, {{"one", box_width, box_height}}, profile);
  REQUIRE(made.size() == 1);
  return std::move(made.front());
}

}  // namespace vinny::test
