// SPDX-License-Identifier: MIT
//
// The catalog's tables, and the numbered steps from each version to the next.
#pragma once

#include <array>

#include "catalog/database.hpp"

namespace vinny {

/// The floor's own numbers, of the sequence that all systems share.
inline constexpr std::array floor_migrations{1, 5, 9};

/// The newest number of all.
[[nodiscard]] int catalog_version() noexcept;
inline constexpr int catalog_application_id = 0x56494E59;  // "VINY"

/// Brings an open catalog to catalog_version, in one transaction. Errors: catalog_newer, and
/// catalog_corrupt when the file is some other program's database.
[[nodiscard]] result<> migrate(database& db, std::filesystem::path const& file);

}  // namespace vinny
