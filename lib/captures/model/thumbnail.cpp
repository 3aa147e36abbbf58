// SPDX-License-Identifier: MIT
#include "captures/model/thumbnail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "captures/model/capture_settings.hpp"
#include "core/digest.hpp"
#include "core/slug.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t version_digits = 12;
constexpr std::string_view capture_folder = "capture_";

bool is_hex(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace

bool is_valid(thumbnail const& made, thumbnail_size const& wanted,
              std::optional<std::int64_t> source_ms) noexcept {
  if (made.key.empty() || made.width != wanted.width) return false;
  return !made.source_ms || !source_ms || *made.source_ms >= *source_ms;
}

std::string thumbnail_key(capture const& of, std::string_view label, std::string_view tail) {
  auto const version =
      sha256_hex(fmt::format("{}\n{}\n{}", of.location, of.etag, of.modified_ms.value_or(0)));
  return fmt::format("{}{}{}/{}-{}-{}.jpg", thumbnail_folder, capture_folder, of.id, label,
                     version.substr(0, version_digits), tail);
}

std::optional<thumbnail_name> read_thumbnail_key(std::string_view key) noexcept {
  constexpr std::string_view extension = ".jpg";
  if (!key.starts_with(thumbnail_folder) || !key.ends_with(extension)) return std::nullopt;
  key.remove_prefix(thumbnail_folder.size());
  key.remove_suffix(extension.size());
  if (!key.starts_with(capture_folder)) return std::nullopt;
  key.remove_prefix(capture_folder.size());
  thumbnail_name out;
  auto const [end, error] = std::from_chars(key.data(), key.data() + key.size(), out.capture);
  if (error != std::errc{} || out.capture <= 0) return std::nullopt;
  key.remove_prefix(static_cast<std::size_t>(end - key.data()));
  if (!key.starts_with('/')) return std::nullopt;
  key.remove_prefix(1);
  auto const last = key.rfind('-');
  auto const before = last == key.npos || last == 0 ? last : key.rfind('-', last - 1);
  if (before == key.npos || before == 0) return std::nullopt;
  auto const version = key.substr(before + 1, last - before - 1);
  out.tail = key.substr(last + 1);
  bool const ours = is_slug(key.substr(0, before)) && version.size() == version_digits &&
                    is_hex(version) && is_hex(out.tail);
  return ours ? std::optional{out} : std::nullopt;
}

std::string thumbnail_route(std::int64_t capture, std::string_view label) {
  return fmt::format("/v1/captures/thumbnails/{}?label={}", capture, label);
}

}  // namespace vinny
