// SPDX-License-Identifier: MIT
#include "image/resize.hpp"

#include <array>
#include <cstring>
#include <string>
#include <utility>

#include <zimg.h>

namespace vinny {
namespace {

struct free_graph {
  void operator()(zimg_filter_graph* graph) const noexcept { zimg_filter_graph_free(graph); }
};
using graph_handle = std::unique_ptr<zimg_filter_graph, free_graph>;

std::unexpected<failure> zimg_failure() {
  std::array<char, 256> text{};
  zimg_get_last_error(text.data(), text.size());
  return fail(errc::internal, std::string("an image cannot be resized: ") + text.data());
}

/// Part of a plane, in samples. It may reach over the border, where samples are mirrored.
struct region {
  double left;
  double top;
  double width;
  double height;
};

zimg_image_format format_of(std::uint32_t width, std::uint32_t height) {
  zimg_image_format format;
  zimg_image_format_default(&format, ZIMG_API_VERSION);
  format.width = width;
  format.height = height;
  format.pixel_type = ZIMG_PIXEL_BYTE;
  format.pixel_range = ZIMG_RANGE_FULL;
  format.color_family = ZIMG_COLOR_GREY;
  return format;
}

/// For planes of one size to those of another.
graph_handle build_graph(plane const& from, region part, plane const& to) {
  auto source = format_of(from.width, from.height);
  source.active_region = {part.left, part.top, part.width, part.height};
  auto const target = format_of(to.width, to.height);
  zimg_graph_builder_params params;
  zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
  params.resample_filter = ZIMG_RESIZE_LANCZOS;
  return graph_handle{zimg_filter_graph_build(&source, &target, &params)};
}

result<> resample(graph_handle const& graph, plane const& from, plane& to) {
  if (!graph) return zimg_failure();
  std::size_t scratch_size = 0;
  if (zimg_filter_graph_get_tmp_size(graph.get(), &scratch_size) != ZIMG_ERROR_SUCCESS) {
    return zimg_failure();
  }
  auto const scratch = allocate_pixels(scratch_size);
  if (!scratch) return fail(errc::io_error, "no memory to resize an image");
  zimg_image_buffer_const input{};
  input.version = ZIMG_API_VERSION;
  input.plane[0] = {from.samples.get(), static_cast<std::ptrdiff_t>(from.stride), ZIMG_BUFFER_MAX};
  zimg_image_buffer output{};
  output.version = ZIMG_API_VERSION;
  output.plane[0] = {to.samples.get(), static_cast<std::ptrdiff_t>(to.stride), ZIMG_BUFFER_MAX};
  auto const status = zimg_filter_graph_process(graph.get(), &input, &output, scratch.get(),
                                                nullptr, nullptr, nullptr, nullptr);
  if (status != ZIMG_ERROR_SUCCESS) return zimg_failure();
  return {};
}

std::uint32_t half(std::uint32_t size) {
  return (size + 1) / 2;
}

/// How the samples of one axis of a chroma plane at half size lie on the source. With an odd
/// luma size the last sample reaches one luma sample over the edge; when the axis is about to be
/// flipped, the first one has to.
struct axis {
  double start;
  double length;
};
axis chroma_axis(double source_size, std::uint32_t luma_size, bool flipped) {
  auto const over = static_cast<double>(2 * half(luma_size) - luma_size);
  auto const scale = source_size / luma_size;
  return {flipped ? -over * scale : 0.0, source_size + over * scale};
}

/// Repeats the last column and row of odd sides: TurboJPEG encodes along to even ones.
void pad(plane& luma) {
  auto const [width, height] = std::pair{luma.width, luma.height};
  if (width % 2 != 0) {
    for (std::uint32_t y = 0; y < height; ++y) luma.row(y)[width] = luma.row(y)[width - 1];
  }
  if (height % 2 != 0) std::memcpy(luma.row(height), luma.row(height - 1), width + width % 2);
}

}  // namespace

result<picture> resize(picture const& source, std::uint32_t width, std::uint32_t height,
                       turn turned) {
  picture made;
  bool const grey = source.grey();
  made.chroma_x = made.chroma_y = grey ? 1 : 2;
  made.width = turned.transpose ? height : width;
  made.height = turned.transpose ? width : height;

  graph_handle graph;  // both planes of chroma share theirs: its filters cost hundreds of sines
  for (std::size_t i = 0; i < source.planes.size(); ++i) {
    auto const& from = source.planes[i];
    bool const luma = i == 0;
    region part{0, 0, source.width, source.height};
    if (!luma) {
      auto const x = chroma_axis(source.width / source.chroma_x, width, turned.flip_x);
      auto const y = chroma_axis(source.height / source.chroma_y, height, turned.flip_y);
      part = {x.start, y.start, x.length, y.length};
    }
    auto to = luma ? make_plane(width, height) : make_plane(half(width), half(height));
    if (!to) return std::unexpected(to.error());
    if (i < 2) graph = build_graph(from, part, *to);
    if (auto const done = resample(graph, from, *to); !done) return std::unexpected(done.error());
    auto upright = make_upright(std::move(*to), turned);
    if (!upright) return std::unexpected(upright.error());
    if (luma && !grey) pad(*upright);
    made.planes.push_back(std::move(*upright));
  }
  return made;
}

}  // namespace vinny
