// SPDX-License-Identifier: MIT
//
// Reading the small files that a configuration is made of. Private to config/.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <system_error>

namespace vinny::settings {

/// The whole file (or pipe); file_too_large when it has more than `limit` bytes.
[[nodiscard]] std::expected<std::string, std::error_code> read_file(
    std::filesystem::path const& path, std::size_t limit);

}  // namespace vinny::settings
