// SPDX-License-Identifier: MIT
//
// Slugs: what names become in keys, paths and URLs. Only [a-z0-9-], 1 to 80 characters, so a
// slug can never climb out of a directory or need escaping.
#pragma once

#include <string>
#include <string_view>

namespace vinny {

inline constexpr std::size_t max_slug_length = 80;

struct slugged {
  std::string slug;  // never empty
  /// Names with one identity are one person. It is the slug itself, unless the slug rule lost
  /// letters of another script or cut the end off: then it is the folded full name.
  std::string identity;
};

/// NFKD, marks stripped, ø→o ł→l ß→ss đ→d þ→th æ→ae œ→oe, lower case, everything else a hyphen,
/// runs collapsed, 80 characters. Where nothing is left: `<fallback>-<8 hex of SHA-256>`.
[[nodiscard]] slugged slugify(std::string_view name, std::string_view fallback = "artist");

/// The words of a name for comparing: as a slug folds them, but letters of other scripts stay, and
/// nothing is cut. Between two words is one space.
[[nodiscard]] std::string folded_words(std::string_view name);

/// The slug of a second name whose slug is taken: `<slug>-<8 hex of the identity's SHA-256>`.
[[nodiscard]] std::string slug_with_hash(std::string_view slug, std::string_view identity);

/// True for 1 to 80 characters of [a-z0-9-].
[[nodiscard]] bool is_slug(std::string_view text) noexcept;

}  // namespace vinny
