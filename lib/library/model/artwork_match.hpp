// SPDX-License-Identifier: MIT
//
// Whether two names are meant to be the same artist or album. Pure.
#pragma once

#include <string>
#include <string_view>

namespace vinny {

/// Words in lower case without accents and punctuation, "and" and "&" left out, without a leading
/// article or one behind a comma ("Beatles, The"), and without Discogs' number in brackets. Where
/// nothing is left, the words as they are.
[[nodiscard]] std::string plain_name(std::string_view name);

/// Both name the same; names without a word are the same as none.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

/// Why an address is not kept as artwork: a placeholder, too long, or none that a page may show.
/// Empty: it is.
[[nodiscard]] std::string_view why_no_artwork(std::string_view address);

}  // namespace vinny
