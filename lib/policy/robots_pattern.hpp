// SPDX-License-Identifier: MIT
//
// One path pattern of robots.txt: bringing patterns and paths to one spelling, and matching
// them (RFC 9309, sections 2.2.2 and 2.2.3). Which rule wins is in policy/robots.
#pragma once

#include <string>
#include <string_view>

namespace vinny {

/// The one spelling of a pattern: unreserved octets bare, every other percent-encoded octet in
/// upper case, octets that may not stand in a URL encoded. In the query also / : ? @ are bare:
/// there they mean the same either way. `*` stays special, as does `$` at the end.
[[nodiscard]] std::string normal_pattern(std::string_view pattern);

/// The same for the path and query of a URL, where `*` and `$` are only characters. Starts with
/// a slash; a fragment is dropped.
[[nodiscard]] std::string normal_path(std::string_view path_and_query);

/// True when the pattern matches the path from its beginning. Both are normal. Takes time in
/// proportion to the two lengths, however many `*` there are.
[[nodiscard]] bool pattern_matches(std::string_view pattern, std::string_view path) noexcept;

}  // namespace vinny
