// SPDX-License-Identifier: MIT
#include "image/encode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <span>

// After <cstdio>: it needs FILE.
#include <jpeglib.h>

namespace vinny {
namespace {

constexpr double longest_side = 65500;  // libjpeg's JPEG_MAX_DIMENSION
constexpr std::uint32_t block = DCTSIZE;

/// Each coefficient is sent once: refinement, as in libjpeg's own script, costs three times as much
/// and saves a twentieth of the file. Luma's low frequencies come before the rest.
constexpr std::array<jpeg_scan_info, 5> colour_scans{{{3, {0, 1, 2}, 0, 0, 0, 0},
                                                      {1, {0}, 1, 5, 0, 0},
                                                      {1, {1}, 1, 63, 0, 0},
                                                      {1, {2}, 1, 63, 0, 0},
                                                      {1, {0}, 6, 63, 0, 0}}};
constexpr std::array<jpeg_scan_info, 3> grey_scans{
    {{1, {0}, 0, 0, 0, 0}, {1, {0}, 1, 5, 0, 0}, {1, {0}, 6, 63, 0, 0}}};

struct on_error {
  jpeg_error_mgr base;  // first: libjpeg hands out its address
  std::jmp_buf leave;
  std::array<char, JMSG_LENGTH_MAX> message;
};

[[noreturn]] void leave(j_common_ptr state) {
  auto* const handler = reinterpret_cast<on_error*>(state->err);
  state->err->format_message(state, handler->message.data());
  std::longjmp(handler->leave, 1);  // NOLINT(cert-err52-cpp): libjpeg cannot go on after an error
}

/// One strip of a plane, whole blocks wide and high: what lies over the edge repeats it.
class strip {
 public:
  strip(plane const& from, std::uint32_t rows)
      : from_(from),
        width_((from.width + 2 * block - 1) / (2 * block) * 2 * block),
        samples_(allocate_pixels(std::size_t{width_} * rows)),
        rows_(rows) {
    for (std::uint32_t y = 0; samples_ && y < rows; ++y) {
      lines_[y] = samples_.get() + std::size_t{y} * width_;
    }
  }
  [[nodiscard]] bool has_memory() const noexcept { return samples_ != nullptr; }
  [[nodiscard]] JSAMPARRAY fill(std::uint32_t top) noexcept {
    for (std::uint32_t y = 0; y < rows_; ++y) {
      auto const* const row = from_.row(std::min(top + y, from_.height - 1));
      std::memcpy(lines_[y], row, from_.width);
      std::memset(lines_[y] + from_.width, row[from_.width - 1], width_ - from_.width);
    }
    return lines_.data();
  }

 private:
  plane const& from_;
  std::uint32_t width_;
  pixel_buffer samples_;
  std::uint32_t rows_;
  std::array<JSAMPROW, std::size_t{2} * block> lines_{};
};

/// What libjpeg holds, given back on every way out.
struct compressor {
  jpeg_compress_struct state{};
  on_error error{};
  unsigned char* memory = nullptr;
  unsigned long size = 0;

  compressor() = default;
  compressor(compressor const&) = delete;
  compressor& operator=(compressor const&) = delete;
  ~compressor() {
    jpeg_destroy_compress(&state);
    std::free(memory);
  }
};

/// False: error.message tells. Between setjmp and the end nothing here has a destructor.
bool compress(compressor& with, picture const& source, int quality, std::span<strip> strips) {
  auto& state = with.state;
  state.err = jpeg_std_error(&with.error.base);
  with.error.base.error_exit = leave;
  // NOLINTNEXTLINE(cert-err52-cpp): see leave()
  if (setjmp(with.error.leave) != 0) return false;
  jpeg_create_compress(&state);
  jpeg_mem_dest(&state, &with.memory, &with.size);
  state.image_width = static_cast<JDIMENSION>(source.width);
  state.image_height = static_cast<JDIMENSION>(source.height);
  state.input_components = source.grey() ? 1 : 3;
  state.in_color_space = source.grey() ? JCS_GRAYSCALE : JCS_YCbCr;
  jpeg_set_defaults(&state);
  jpeg_set_quality(&state, quality, TRUE);
  state.dct_method = JDCT_ISLOW;
  state.raw_data_in = TRUE;
  state.scan_info = source.grey() ? grey_scans.data() : colour_scans.data();
  state.num_scans = static_cast<int>(source.grey() ? grey_scans.size() : colour_scans.size());
  jpeg_start_compress(&state, TRUE);
  std::uint32_t const at_once = source.grey() ? block : 2 * block;
  while (state.next_scanline < state.image_height) {
    std::array<JSAMPARRAY, 3> rows{};
    for (std::size_t i = 0; i < strips.size(); ++i) {
      rows[i] = strips[i].fill(i == 0 ? state.next_scanline : state.next_scanline / 2);
    }
    jpeg_write_raw_data(&state, rows.data(), at_once);
  }
  jpeg_finish_compress(&state);
  return true;
}

}  // namespace

result<std::string> encode_jpeg(picture const& source, int quality) {
  if (source.width > longest_side || source.height > longest_side) {
    return fail(errc::image_too_large,
                fmt::format("{}x{} px is more than a JPEG can hold", source.width, source.height));
  }
  std::vector<strip> strips;
  for (std::size_t i = 0; i < source.planes.size(); ++i) {
    strips.emplace_back(source.planes[i], i == 0 && !source.grey() ? 2 * block : block);
    if (!strips.back().has_memory()) return fail(errc::io_error, "no memory to encode a JPEG");
  }
  compressor with;
  if (!compress(with, source, std::clamp(quality, 1, 100), strips)) {
    return fail(errc::io_error,
                std::string("a JPEG cannot be encoded: ") + with.error.message.data());
  }
  return std::string(reinterpret_cast<char const*>(with.memory), with.size);
}

}  // namespace vinny
