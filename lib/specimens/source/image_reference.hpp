// SPDX-License-Identifier: MIT
//
// What the URL of a specimen's image says of itself, without asking anybody: which photograph it
// is, whether it is the photograph or a document that names it, and how large it promises to be.
// Pure; views point into the URL. The only reader of such URLs.
//
// Source: IIIF Image API 1.0 to 3.0 (section "Image Request URI Syntax"), Presentation API 2 and 3.
#pragma once

#include <cstdint>
#include <string_view>

namespace vinny {

enum class reference_kind {
  file,      // the image itself, by an address of the host's own making
  iiif,      // the image itself, by an Image API request
  manifest,  // a Presentation API document that names images
  info,      // an Image API description (info.json)
};

struct image_reference {
  reference_kind kind = reference_kind::file;
  /// References of one specimen with the same key are one photograph. Two photographs under one
  /// key would lose one, a photograph under two keys is only fetched twice: so a part of the URL is
  /// left out only where the whole of the IIIF shape is there and the region is the whole image.
  std::string_view key;
  /// The width it promises, in pixels; whole_image when it promises all there is, 0 when it
  /// promises nothing.
  std::int64_t pixels = 0;
};

inline constexpr std::int64_t whole_image = 100'000;
/// What a manifest counts for when candidates are put in order.
inline constexpr std::int64_t manifest_pixels = 1'600;

[[nodiscard]] image_reference read_reference(std::string_view url) noexcept;

/// read_reference(url).key
[[nodiscard]] std::string_view image_key(std::string_view url) noexcept;

/// True when `a` is to be tried before `b`: more pixels, then what is no manifest.
[[nodiscard]] bool better_candidate(image_reference const& a, image_reference const& b) noexcept;

/// The host of an http or https URL, as it stands there, without port and credentials; empty when
/// there is none.
[[nodiscard]] std::string_view host_in(std::string_view url) noexcept;

}  // namespace vinny
