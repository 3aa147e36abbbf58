// SPDX-License-Identifier: MIT
//
// A page's bytes as UTF-8, whichever encoding it is written in.
#pragma once

#include <string>
#include <string_view>

namespace vinny {

/// Decides as browsers do: byte order mark, `charset` of the Content-Type, `<meta>` in the first
/// 1,024 bytes; then UTF-8 when it is valid, else windows-1252. A label that is not known counts as
/// none. Invalid sequences become U+FFFD; the mark is dropped. At most 4 times as long as `body`.
[[nodiscard]] std::string to_utf8(std::string_view body, std::string_view content_type);

}  // namespace vinny
