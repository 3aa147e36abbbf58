// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_keep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/digest.hpp"
#include "core/text.hpp"
#include "specimens/model/specimen_settings.hpp"
#include "specimens/source/raw_image.hpp"

namespace vinny {
namespace {

constexpr std::size_t longest_page_text = 1800;

/// Of a page that came instead of an image: what a person would read there.
std::string told_by(std::string_view body, std::string_view content_type) {
  return fmt::format("[{}] {}", content_type.empty() ? "no type" : content_type,
                     clip(page_text(clip(body, 16'384)), longest_page_text));
}

/// Extensions of what is recognised on disk.
constexpr std::array<std::string_view, 2> known_extensions{"jpg", "png"};

struct digested_image {
  specimen_file file;
  std::optional<std::string> bytes{};  // none: those that came
};

/// What came is kept as it is.
digested_image as_it_came(received_body& body, specimen_kind kind, std::string_view extension) {
  digested_image out;
  out.file.extension = extension;
  out.file.kind = kind;
  out.file.sha256 = body.digest();
  out.file.bytes = static_cast<std::int64_t>(body.bytes().size());
  return out;
}

failure why_not_kept(failure why, received_image const& got) {
  auto const bytes = got.body->bytes();
  if (why.code == errc::not_an_image) why.evidence = told_by(bytes, got.content_type);
  // So few bytes are a file that did not come whole.
  if (why.code == errc::image_too_few_bytes) why.code = errc::short_body;
  if (why.code == errc::image_corrupt) {
    why.evidence = got.body->digest();
    if (why.evidence == got.corrupt_sha256) why.code = errc::image_corrupt_again;
  }
  return why;
}

/// What is kept of a body: the image made small, the original, or raw bytes.
result<digested_image> digest_image(received_image const& got, specimens_config const& how,
                                    image_limits const& limits) {
  auto const bytes = got.body->bytes();
  auto const info = inspect(bytes, limits);
  if (!info) {
    auto const code = info.error().code;
    bool const foreign = code == errc::image_type_unsupported || code == errc::not_an_image;
    auto const raw = foreign && std::cmp_greater_equal(bytes.size(), limits.min_bytes)
                         ? raw_extension(bytes, got.content_type, got.path)
                         : std::nullopt;
    if (raw) return as_it_came(*got.body, specimen_kind::raw, *raw);
    return std::unexpected(why_not_kept(info.error(), got));
  }
  auto const whole = how.verify == "decode" ? verify(bytes, *info) : result<>{};
  if (!whole) return std::unexpected(why_not_kept(whole.error(), got));
  if (how.longest_edge == 0) {
    auto out = as_it_came(*got.body, specimen_kind::original,
                          info->type == image_type::png ? "png" : "jpg");
    out.file.width = info->width;
    out.file.height = info->height;
    return out;
  }
  rendition_spec const spec{{}, how.longest_edge, how.longest_edge};
  auto made = render(bytes, *info, {.apply_orientation = true, .quality = how.quality}, {&spec, 1});
  if (!made) return std::unexpected(made.error());
  auto& small = made->front();
  digested_image out;
  out.file.extension = "jpg";
  out.file.kind = specimen_kind::rendition;
  out.file.width = small.width;
  out.file.height = small.height;
  out.file.sha256 = sha256_hex(small.bytes);
  out.file.bytes = static_cast<std::int64_t>(small.bytes.size());
  out.bytes = std::move(small.bytes);
  return out;
}

}  // namespace

result<kept_image> keep_image(file_root const& files, specimen_image_id id,
                              received_image const& got, specimens_config const& how,
                              image_limits const& limits) {
  auto made = digest_image(got, how, limits);
  if (!made) return std::unexpected(made.error());
  auto const key = id.key(made->file.extension);
  auto draft = made->bytes ? files.draft(key, *made->bytes) : got.body->keep(files, key);
  if (!draft) return std::unexpected(draft.error());
  return kept_image{std::move(made->file), std::move(*draft)};
}

void mark_kept(file_root const& files, std::vector<specimen_job>& jobs) {
  for (auto& job : jobs) {
    job.on_disk = std::ranges::any_of(known_extensions, [&](std::string_view extension) {
      std::error_code ignored;
      return std::filesystem::exists(
          std::filesystem::symlink_status(files.path() / job.id.key(extension), ignored));
    });
  }
}

std::optional<specimen_file> find_kept(file_root const& files, specimen_image_id id,
                                       specimens_config const& how, image_limits const& limits,
                                       std::filesystem::file_time_type not_before) {
  for (auto const extension : known_extensions) {
    auto const key = id.key(extension);
    std::error_code error;
    if (!files.size(key)) continue;
    if (std::filesystem::last_write_time(files.path() / key, error) < not_before) continue;
    auto const bytes = files.read(key, limits.max_bytes);
    auto const info = bytes ? inspect(*bytes, limits) : std::unexpected(bytes.error());
    if (!info || !verify(*bytes, *info)) continue;
    auto const edge = std::max(info->width, info->height);
    bool const small = how.longest_edge > 0;
    if (small && (edge > how.longest_edge || extension != "jpg")) continue;
    return specimen_file{.extension = std::string{extension},
                         .kind = small ? specimen_kind::rendition : specimen_kind::original,
                         .sha256 = sha256_hex(*bytes),
                         .bytes = static_cast<std::int64_t>(bytes->size()),
                         .width = info->width,
                         .height = info->height};
  }
  return std::nullopt;
}

}  // namespace vinny
