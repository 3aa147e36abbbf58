// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <utility>

#include "image/encode.hpp"
#include "image/image.hpp"
#include "image/jpeg/jpeg_decode.hpp"
#include "image/png/png_decode.hpp"
#include "image/reread.hpp"
#include "image/resize.hpp"

namespace vinny {
namespace {

/// The source in whichever form it came.
class source_file {
 public:
  [[nodiscard]] static result<source_file> open(std::string_view bytes, image_info const& info) {
    source_file file;
    if (info.type == image_type::png) {
      auto png = reread_png(bytes, info);
      if (!png) return std::unexpected(png.error());
      file.bytes_ = bytes;
      file.png_ = *png;
      return file;
    }
    auto jpeg = reread_jpeg(bytes, info);
    if (!jpeg) return std::unexpected(jpeg.error());
    std::string storage;
    auto const tidy = tidy_jpeg(bytes, *jpeg, storage);
    if (storage.empty()) file.bytes_ = tidy;
    file.storage_ = std::move(storage);
    file.jpeg_ = *jpeg;
    return file;
  }

  [[nodiscard]] bool can_rewrite() const { return jpeg_ && vinny::can_rewrite(bytes(), *jpeg_); }
  [[nodiscard]] result<std::string> rewrite() const { return rewrite_jpeg(bytes()); }
  [[nodiscard]] result<picture> decode(std::uint32_t wanted_width,
                                       std::uint32_t wanted_height) const {
    if (png_) return decode_png(bytes_, *png_);
    return decode_jpeg(bytes(), *jpeg_, wanted_width, wanted_height);
  }

 private:
  [[nodiscard]] std::string_view bytes() const { return storage_.empty() ? bytes_ : storage_; }

  std::string_view bytes_;
  std::string storage_;
  std::optional<jpeg_structure> jpeg_;
  std::optional<png_structure> png_;
};

struct order {
  std::size_t index;  // of the spec
  box_size size;      // upright
};

/// Every size that has to be resampled, the largest first.
result<> resample_all(source_file const& file, std::span<order const> orders, turn turned,
                      int quality, std::vector<rendered>& into) {
  std::optional<picture> current;
  for (auto const& [index, size] : orders) {
    result<picture> next;
    if (current) {
      next = resize(*current, size.width, size.height);
    } else {
      // Turning the first result is cheaper than turning the source, and once is enough.
      auto const stored = turned.transpose ? box_size{size.height, size.width} : size;
      auto const source = file.decode(stored.width, stored.height);
      if (!source) return std::unexpected(source.error());
      next = resize(*source, stored.width, stored.height, turned);
    }
    if (!next) return std::unexpected(next.error());
    current = std::move(*next);
    auto bytes = encode_jpeg(*current, quality);
    if (!bytes) return std::unexpected(bytes.error());
    into[index].bytes = std::move(*bytes);
  }
  return {};
}

}  // namespace

result<std::vector<rendered>> render(std::string_view bytes, image_info const& info,
                                     render_profile const& profile,
                                     std::span<rendition_spec const> specs) {
  auto const file = source_file::open(bytes, info);
  if (!file) return std::unexpected(file.error());
  auto const turned = profile.apply_orientation ? turn_of(info.orientation) : turn{};
  bool const upright = !turned.flip_x && !turned.flip_y && !turned.transpose;
  auto const width = turned.transpose ? info.height : info.width;
  auto const height = turned.transpose ? info.width : info.height;

  std::vector<rendered> made;
  std::vector<order> orders;
  std::vector<std::size_t> unchanged;
  bool const rewritable = upright && file->can_rewrite();
  for (auto const& spec : specs) {
    auto const size = fit(width, height, spec.box_width, spec.box_height);
    bool const whole = size.width == width && size.height == height;
    if (whole && rewritable) {
      unchanged.push_back(made.size());
    } else {
      orders.push_back({made.size(), size});
    }
    made.push_back({.label = spec.label, .width = size.width, .height = size.height, .bytes = {}});
  }
  if (!unchanged.empty()) {
    // A re-encode would only lose: the coefficients are kept, the metadata is not.
    auto const rewritten = file->rewrite();
    if (!rewritten) return std::unexpected(rewritten.error());
    for (auto const index : unchanged) made[index].bytes = *rewritten;
  }
  std::ranges::sort(orders, std::ranges::greater{}, [](order const& one) {
    return std::uint64_t{one.size.width} * one.size.height;
  });
  if (auto const done = resample_all(*file, orders, turned, profile.quality, made); !done) {
    return std::unexpected(done.error());
  }
  return made;
}

}  // namespace vinny
