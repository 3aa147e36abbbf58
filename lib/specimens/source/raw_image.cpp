// SPDX-License-Identifier: MIT
#include "specimens/source/raw_image.hpp"

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

using namespace std::string_view_literals;

/// The extension for what begins as an image format does that is not decoded here.
std::optional<std::string_view> signature(std::string_view bytes) noexcept {
  struct format {
    std::size_t at;
    std::string_view bytes;
    std::string_view extension;
  };
  constexpr std::array formats{format{0, "II*\0"sv, "tif"},
                               format{0, "MM\0*"sv, "tif"},
                               format{0, "II+\0"sv, "tif"},
                               format{0, "MM\0+"sv, "tif"},
                               format{0, "FUJIFILMCCD-RAW"sv, "raf"},
                               format{0, "IIRO"sv, "orf"},
                               format{0, "IIRS"sv, "orf"},
                               format{0, "MMOR"sv, "orf"},
                               format{0, "IIU\0"sv, "rw2"},
                               format{4, "ftypcrx "sv, "cr3"},
                               format{4, "ftypavif"sv, "avif"},
                               format{4, "ftyphei"sv, "heic"},
                               format{4, "jP  \r\n"sv, "jp2"},
                               format{0, "\xff\x4f\xff\x51"sv, "jp2"},
                               format{0, "GIF8"sv, "gif"},
                               format{8, "WEBP"sv, "webp"}};
  for (auto const& one : formats) {
    if (bytes.size() > one.at && bytes.substr(one.at).starts_with(one.bytes)) return one.extension;
  }
  return std::nullopt;
}

/// True for what no image begins like, whatever it is called: text, nothing but zeros, archives,
/// programs, documents.
bool is_something_else(std::string_view bytes) {
  for (auto const start : {"%PDF"sv,
                           "\x7f"
                           "ELF"sv,
                           "PK\x03\x04"sv, "\x1f\x8b"sv, "\xff\xfe"sv, "\xfe\xff"sv}) {
    if (bytes.starts_with(start)) return true;
  }
  auto const head = clip(bytes, 512);
  auto const is_text = [](char c) {
    return (c >= ' ' && c != '\x7f') || c == '\n' || c == '\r' || c == '\t' || c < 0;
  };
  return std::ranges::all_of(head, [](char c) { return c == '\0'; }) ||
         (std::ranges::all_of(head, is_text) && valid_utf8(head) == head);
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
  auto const begins = signature(bytes);
  if (!begins && (looks_like_text(bytes) || is_something_else(bytes))) return std::nullopt;
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
  // A JPEG or PNG would have been recognised.
  constexpr std::array<std::string_view, 4> decoded{"image/jpeg", "image/jpg", "image/pjpeg",
                                                    "image/png"};
  bool const other = std::ranges::find(decoded, type) == decoded.end();
  if (type.starts_with("image/") && other) return "raw";
  if (begins) return std::string{*begins};
  return std::nullopt;
}

}  // namespace vinny
