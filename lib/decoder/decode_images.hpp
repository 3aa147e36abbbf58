// SPDX-License-Identifier: MIT
//
// The decoder process: the same program, started with one argument, that knows nothing but a
// socket.
#pragma once

#include <string_view>

namespace vinny {

/// The argument that makes a program its decoder.
inline constexpr std::string_view decoder_argument = "--decode-images";
/// What it says once it is confined.
inline constexpr char decoder_greeting = 'V';

/// Answers orders that come over descriptor 0 until it is closed; the process's exit code.
[[nodiscard]] int decode_images();

}  // namespace vinny
