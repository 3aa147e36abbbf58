// SPDX-License-Identifier: MIT
//
// What a body was wrapped in on its way, by Content-Encoding. Words that name no coding
// (aws-chunked, none, utf-8 …) are passed over, as browsers and curl do. Pure.
//
// Source: RFC 9110, section 8.4.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace vinny {

enum class coding : std::uint8_t { gzip, deflate };

/// The layers that are to be undone, the first applied first; none: the body is as it was meant.
/// Fails with bad_encoding, of a coding that was not asked for and cannot be undone (br, zstd,
/// compress).
[[nodiscard]] result<std::vector<coding>> coded_layers(header_list const& headers);

/// Undoes the layers, the last first. `asked`: a coding was asked for; where it was not, a body
/// that does not look like the coding is what it is, whatever the field says. Fails with
/// inflate_bomb and bad_encoding.
[[nodiscard]] result<std::string> undo_layers(std::string body, std::vector<coding> const& layers,
                                              bool asked, std::int64_t max_bytes);

}  // namespace vinny
