// SPDX-License-Identifier: MIT
#include "specimens/source/image_reference.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.hpp"

namespace vinny {
namespace {

bool ends_with_nocase(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && iequals(text.substr(text.size() - end.size()), end);
}

/// "1600" → 1600; nothing but digits, at most nine of them. -1 otherwise.
std::int64_t whole_number(std::string_view text) noexcept {
  if (text.empty() || text.size() > 9 || !std::ranges::all_of(text, is_digit)) return -1;
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

/// "22.5", "0": digits, and one point between digits.
bool is_decimal(std::string_view text) noexcept {
  auto const point = text.find('.');
  if (point == std::string_view::npos) return whole_number(text) >= 0;
  return whole_number(text.substr(0, point)) >= 0 && whole_number(text.substr(point + 1)) >= 0;
}

/// The pixels that the size parameter of an Image API request asks for; -1: it is none.
std::int64_t size_pixels(std::string_view size) noexcept {
  if (size.starts_with('^')) size.remove_prefix(1);  // 3.0: upscaling is allowed
  if (iequals(size, "max") || iequals(size, "full")) return whole_image;
  if (size.starts_with("pct:")) {
    if (!is_decimal(size.substr(4))) return -1;
    return size.substr(4) == "100" ? whole_image : 0;
  }
  if (size.starts_with("res:")) {  // of older servers: each step halves the image
    auto const steps = whole_number(size.substr(4));
    return steps < 0 ? -1 : whole_image >> std::min<std::int64_t>(steps, 20);
  }
  if (size.starts_with('!')) size.remove_prefix(1);
  auto const comma = size.find(',');
  if (comma == std::string_view::npos) return -1;
  auto const width = size.substr(0, comma);
  auto const height = size.substr(comma + 1);
  if (width.empty() && height.empty()) return -1;
  auto const w = width.empty() ? 0 : whole_number(width);
  auto const h = height.empty() ? 0 : whole_number(height);
  if (w < 0 || h < 0) return -1;
  return width.empty() ? h : w;
}

bool is_rotation(std::string_view text) noexcept {
  if (text.starts_with('!')) text.remove_prefix(1);
  return is_decimal(text);
}

/// "default.jpg"; 1.x may leave the format out of "native" and "grey".
bool is_quality(std::string_view text) noexcept {
  constexpr std::array names{"default", "color", "gray", "bitonal", "native", "grey"};
  constexpr std::array formats{"jpg", "jpeg", "png", "tif", "tiff", "gif", "jp2", "webp", "pdf"};
  auto const is = [](std::string_view wanted) {
    return [wanted](std::string_view one) { return iequals(one, wanted); };
  };
  auto const point = text.find('.');
  auto const name = text.substr(0, point);
  if (std::ranges::none_of(names, is(name))) return false;
  if (point == std::string_view::npos) return iequals(name, "native") || iequals(name, "grey");
  return std::ranges::any_of(formats, is(text.substr(point + 1)));
}

/// Takes the last path segment off; without a slash, nothing is left.
std::string_view take_segment(std::string_view& path) noexcept {
  auto const slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  auto const out = path.substr(slash + 1);
  path = path.substr(0, slash);
  return out;
}

/// Where the path begins: behind "scheme://host".
std::size_t path_start(std::string_view url) noexcept {
  auto const scheme = url.find("://");
  auto const host = scheme == std::string_view::npos ? 0 : scheme + 3;
  return std::min(url.find('/', host), url.size());
}

}  // namespace

image_reference read_reference(std::string_view url) noexcept {
  url = trim(url);
  url = url.substr(0, url.find('#'));  // never sent
  image_reference out{.kind = reference_kind::file, .key = url, .pixels = 0};
  auto const query = url.find('?');
  auto const path = url.substr(0, query);
  bool const bare = query == std::string_view::npos;  // a query may ask for another image
  if (ends_with_nocase(path, "/info.json")) {
    out.kind = reference_kind::info;
    out.pixels = whole_image;
    return out;
  }
  for (std::string_view const end : {"/manifest", "/manifest.json"}) {
    if (!ends_with_nocase(path, end)) continue;
    out.kind = reference_kind::manifest;
    out.pixels = manifest_pixels;
    if (bare) out.key = path.substr(0, path.size() - end.size());
    return out;
  }
  if (ends_with_nocase(path, "/manifest/") || ends_with_nocase(path, ".json")) {
    out.kind = reference_kind::manifest;
    out.pixels = manifest_pixels;
    return out;
  }
  auto rest = path.substr(path_start(path));
  auto const quality = take_segment(rest);
  if (!is_quality(quality)) return out;
  auto const rotation = take_segment(rest);
  auto const size = take_segment(rest);
  auto const region = take_segment(rest);
  auto const pixels = size_pixels(size);
  bool const identified = !rest.empty() && rest != "/";
  if (!identified || pixels < 0 || !is_rotation(rotation) || !iequals(region, "full")) return out;
  out.kind = reference_kind::iiif;
  out.pixels = pixels;
  if (bare) out.key = url.substr(0, path_start(path) + rest.size());
  return out;
}

std::string_view image_key(std::string_view url) noexcept {
  return read_reference(url).key;
}

bool better_candidate(image_reference const& a, image_reference const& b) noexcept {
  if (a.pixels != b.pixels) return a.pixels > b.pixels;
  return a.kind != reference_kind::manifest && b.kind == reference_kind::manifest;
}

std::string_view host_in(std::string_view url) noexcept {
  auto const end_of_scheme = url.find(':');
  if (end_of_scheme == std::string_view::npos) return {};
  auto const scheme = url.substr(0, end_of_scheme);
  auto rest = url.substr(end_of_scheme + 1);
  // Of http and https browsers take less than two slashes, too.
  bool const is_web = iequals(scheme, "http") || iequals(scheme, "https");
  if (!is_web && !rest.starts_with("//")) return {};
  for (int i = 0; i < 2 && (rest.starts_with('/') || rest.starts_with('\\')); ++i) {
    rest.remove_prefix(1);
  }
  rest = rest.substr(0, rest.find_first_of("/?#\\"));
  if (auto const at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  if (rest.starts_with('[')) {
    auto const end = rest.find(']');
    return end == std::string_view::npos ? std::string_view{} : rest.substr(1, end - 1);
  }
  return rest.substr(0, rest.find(':'));
}

}  // namespace vinny
