// SPDX-License-Identifier: MIT
//
// What a body was wrapped in on its way, by Content-Encoding. Words that name no coding
// (aws-chunked, none, utf-8 …) are passed over, as browsers and curl do. Pure.
//
// Source: RFC 9110, section 8.4.
#pragma once

#include <cstdint>
#include <string>

#include "http/message.hpp"

namespace vinny {

/// How many layers are to be undone; 0: the body is as it was meant. Fails with bad_encoding, of a
/// coding that was not asked for and cannot be undone (br, zstd, compress).
[[nodiscard]] result<int> coded_layers(header_list const& headers);

/// Undoes so many layers. `asked`: a coding was asked for; where it was not, a body that is no gzip
/// is what it is, whatever the field says. Fails with inflate_bomb and bad_encoding.
[[nodiscard]] result<std::string> undo_layers(std::string body, int layers, bool asked,
                                              std::int64_t max_bytes);

}  // namespace vinny
