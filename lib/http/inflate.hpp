// SPDX-License-Identifier: MIT
//
// Decompression with a bound: what is allocated never exceeds what the caller allows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/failure.hpp"

namespace vinny {

/// True when the bytes begin like gzip (1f 8b).
[[nodiscard]] bool is_gzip(std::string_view bytes) noexcept;

/// True when the bytes begin like zlib's form of deflate; no picture does.
[[nodiscard]] bool is_zlib(std::string_view bytes) noexcept;

/// Decodes gzip, zlib or raw deflate. Errors: inflate_bomb (more than `max_bytes`),
/// bad_encoding (broken or cut off).
[[nodiscard]] result<std::string> inflate_bounded(std::string_view bytes, std::int64_t max_bytes);

}  // namespace vinny
