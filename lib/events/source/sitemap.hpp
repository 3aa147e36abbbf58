// SPDX-License-Identifier: MIT
//
// Sitemaps (sitemaps.org 0.9): a list of pages, or of further sitemaps, as XML or as text with
// one URL a line. Pure: takes bytes that are already decompressed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "core/time.hpp"

namespace vinny {

inline constexpr std::size_t max_sitemap_entries = 50'000;
inline constexpr std::size_t max_sitemap_bytes = 52'428'800;  // uncompressed
inline constexpr int max_sitemap_depth = 3;                   // of nested indexes

/// A W3C datetime with the precision it was given in.
struct lastmod {
  enum class precision { year, month, day, minute, second };
  instant at{};
  precision unit = precision::second;
  std::string text;  // as it stood, trimmed

  /// True when `seen` (from an earlier visit) is older, compared at the coarser precision.
  [[nodiscard]] bool newer_than(lastmod const& seen) const noexcept;
};
/// YYYY, YYYY-MM, YYYY-MM-DD, …Thh:mmTZD, …:ss[.s]TZD (W3C note, and a space for the T, and no
/// zone: UTC). Nothing for anything else.
[[nodiscard]] std::optional<lastmod> parse_lastmod(std::string_view text);

struct sitemap_entry {
  std::string loc;  // as it stood, references decoded, trimmed; not yet validated as a URL
  std::optional<lastmod> modified;
};

struct sitemap {
  bool is_index = false;
  std::vector<sitemap_entry> entries;
  bool truncated = false;  // more entries than the protocol allows: the first 50,000 are here
};

/// Errors: bad_xml (neither XML nor a list of URLs; an HTML page says so), sitemap_too_large.
/// XML that breaks off in the middle gives bad_xml, never a partial list.
[[nodiscard]] result<sitemap> parse_sitemap(std::string_view bytes);

}  // namespace vinny
