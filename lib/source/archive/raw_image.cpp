// SPDX-License-Identifier: MIT
#include "source/archive/raw_image.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 12> raw_names{"dng", "nef", "cr2", "cr3",  "arw", "raf",
                                                     "orf", "rw2", "tif", "tiff", "raw", "jp2"};

std::string_view extension_of(std::string_view path) noexcept {
  auto const dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) return {};
  return path.substr(dot + 1);
}

}  // namespace

bool looks_like_text(std::string_view bytes) {
  constexpr std::array<std::string_view, 7> starts{"<!doctype", "<html", "<head", "<body",
                                                   "<?xml",     "{",     "["};
  auto const start = to_lower(trim(bytes.substr(0, 128)).substr(0, 64));
  return std::ranges::any_of(starts, [&](std::string_view one) { return start.starts_with(one); });
}

std::string page_text(std::string_view html) {
  auto const lower = to_lower(html);
  std::string out;
  std::size_t at = 0;
  while (at < html.size()) {
    auto const script = lower.find("<script", at);
    auto const style = lower.find("<style", at);
    auto const start = std::min({script, style, html.size()});
    out += html.substr(at, start - at);
    if (start == html.size()) break;
    std::string_view const end = start == script ? "</script" : "</style";
    at = std::min(lower.find(end, start), html.size());
  }
  return plain_text(out);
}

std::optional<std::string> raw_extension(std::string_view bytes, std::string_view content_type,
                                         std::string_view path) {
  auto const type = to_lower(trim(content_type.substr(0, content_type.find(';'))));
  for (std::string_view const text : {"text/", "application/json", "application/xml", "ld+json"}) {
    if (type.find(text) != std::string::npos) return std::nullopt;
  }
  if (looks_like_text(bytes)) return std::nullopt;
  auto named = to_lower(extension_of(path));
  if (std::ranges::find(raw_names, named) != raw_names.end()) return named;
  if (type.find("dng") != std::string::npos) return "dng";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known{
      {{"image/tiff", "tif"},
       {"image/gif", "gif"},
       {"image/webp", "webp"},
       {"image/jp2", "jp2"},
       {"image/bmp", "bmp"},
       {"image/avif", "avif"}}};
  for (auto const& [name, extension] : known) {
    if (type == name) return std::string{extension};
  }
  if (type.starts_with("image/")) return "raw";
  return std::nullopt;
}

}  // namespace vinny
