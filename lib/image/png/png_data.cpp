// SPDX-License-Identifier: MIT
#include <array>
#include <memory>

#include <zlib.h>

#include "image/png/png_structure.hpp"

namespace vinny {
namespace {

/// Encoders have been seen to write a little more than the rows; that much is let pass.
constexpr std::uint64_t tolerated_excess = 4096;
constexpr std::uint8_t last_filter = 4;

struct pass {
  std::uint32_t x, y, step_x, step_y;
};

constexpr std::array<pass, 1> whole{{{0, 0, 1, 1}}};
/// W3C PNG, 8.1.
constexpr std::array<pass, 7> adam7{{{0, 0, 8, 8},
                                     {4, 0, 8, 8},
                                     {0, 4, 4, 8},
                                     {2, 0, 4, 4},
                                     {0, 2, 2, 4},
                                     {1, 0, 2, 2},
                                     {0, 1, 1, 2}}};

std::uint32_t count(std::uint32_t size, std::uint32_t start, std::uint32_t step) {
  return size > start ? (size - start + step - 1) / step : 0;
}

/// Follows the inflated bytes row by row through every pass.
class row_counter {
 public:
  explicit row_counter(png_structure const& png)
      : png_(png), passes_(png.interlaced ? std::span<pass const>(adam7) : whole) {
    start_pass();
  }

  [[nodiscard]] bool complete() const { return rows_left_ == 0; }
  [[nodiscard]] std::uint64_t excess() const { return excess_; }

  /// False on a filter type that does not exist.
  [[nodiscard]] bool take(std::span<std::uint8_t const> bytes) {
    while (!bytes.empty()) {
      if (complete()) {
        excess_ += bytes.size();
        return true;
      }
      if (at_row_start_) {
        if (bytes.front() > last_filter) return false;
        bytes = bytes.subspan(1);
        at_row_start_ = false;
      }
      auto const step = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), row_left_));
      bytes = bytes.subspan(step);
      row_left_ -= step;
      if (row_left_ == 0) end_row();
    }
    return true;
  }

 private:
  void start_pass() {
    for (; next_pass_ < passes_.size(); ++next_pass_) {
      auto const& now = passes_[next_pass_];
      auto const columns = count(png_.width, now.x, now.step_x);
      auto const rows = count(png_.height, now.y, now.step_y);
      if (columns == 0 || rows == 0) continue;
      row_size_ = row_left_ = png_.row_bytes(columns);
      rows_left_ = rows;
      ++next_pass_;
      return;
    }
  }
  void end_row() {
    at_row_start_ = true;
    row_left_ = row_size_;
    if (--rows_left_ == 0) start_pass();
  }

  png_structure const& png_;
  std::span<pass const> passes_;
  std::size_t next_pass_ = 0;
  std::uint64_t row_size_ = 0;
  std::uint64_t row_left_ = 0;
  std::uint32_t rows_left_ = 0;
  std::uint64_t excess_ = 0;
  bool at_row_start_ = true;
};

struct inflate_end {
  void operator()(z_stream* stream) const noexcept { inflateEnd(stream); }
};

std::unexpected<failure> corrupt(char const* what) {
  return fail(errc::image_corrupt, std::string("the PNG's image data ") + what);
}

}  // namespace

result<> check_png_data(std::string_view bytes, png_structure const& structure) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return fail(errc::internal, "zlib could not be started");
  std::unique_ptr<z_stream, inflate_end> const guard(&stream);
  std::array<std::uint8_t, 16384> buffer;
  row_counter rows(structure);
  png_chunks chunks(bytes);
  while (auto const chunk = chunks.next()) {
    if (chunk->type == "IEND") break;
    if (chunk->type != "IDAT" || chunk->data.empty()) continue;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(chunk->data.data()));
    stream.avail_in = static_cast<uInt>(chunk->data.size());  // a chunk's length has 32 bits
    do {
      stream.next_out = buffer.data();
      stream.avail_out = static_cast<uInt>(buffer.size());
      auto const status = inflate(&stream, Z_NO_FLUSH);
      auto const produced = buffer.size() - stream.avail_out;
      if (!rows.take(std::span(buffer).first(produced))) return corrupt("has an unknown filter");
      if (rows.excess() > tolerated_excess) {
        return fail(errc::image_bomb, "the PNG inflates to more than its header tells");
      }
      if (status == Z_STREAM_END) {
        return rows.complete() ? result<>{} : corrupt("ends before the last row");
      }
      if (status != Z_OK && status != Z_BUF_ERROR) return corrupt("cannot be inflated");
      if (status == Z_BUF_ERROR && produced == 0) break;  // wants the next chunk
    } while (stream.avail_in > 0 || stream.avail_out == 0);
  }
  return corrupt("breaks off");
}

}  // namespace vinny
