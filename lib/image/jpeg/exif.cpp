// SPDX-License-Identifier: MIT
#include "image/jpeg/exif.hpp"

#include <cstddef>
#include <cstdint>

namespace vinny {
namespace {

constexpr std::uint32_t orientation_tag = 0x0112;
constexpr std::uint32_t type_short = 3;
constexpr std::size_t entry_size = 12;

class tiff_reader {
 public:
  explicit tiff_reader(std::string_view bytes) : bytes_(bytes), little_(bytes.starts_with("II")) {}

  /// 0 outside the block: no offset, count or type that matters here is 0.
  [[nodiscard]] std::uint32_t u16(std::size_t at) const { return number(at, 2); }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const { return number(at, 4); }

 private:
  [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      auto const byte = static_cast<unsigned char>(bytes_[at + (little_ ? size - 1 - i : i)]);
      value = (value << 8) | byte;
    }
    return value;
  }

  std::string_view bytes_;
  bool little_;
};

}  // namespace

int exif_orientation(std::string_view tiff) noexcept {
  if (!tiff.starts_with("II") && !tiff.starts_with("MM")) return 1;
  tiff_reader const read(tiff);
  if (read.u16(2) != 42) return 1;
  std::size_t const directory = read.u32(4);
  std::size_t const count = read.u16(directory);
  for (std::size_t i = 0; i < count; ++i) {
    auto const entry = directory + 2 + i * entry_size;
    if (entry >= tiff.size()) break;
    if (read.u16(entry) != orientation_tag) continue;
    if (read.u16(entry + 2) != type_short || read.u32(entry + 4) != 1) return 1;
    auto const value = read.u16(entry + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace vinny
