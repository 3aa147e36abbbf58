// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "core/failure.hpp"
#include "core/secret.hpp"

namespace vinny {

/// The bearer token in control.token_file: its first line, trimmed, without a byte order mark.
/// Warns in the log when everybody may read the file. Fails with config_invalid.
[[nodiscard]] result<secret> read_token(std::filesystem::path const& file);

}  // namespace vinny
