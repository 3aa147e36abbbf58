// SPDX-License-Identifier: MIT
//
// The catalog's tables of specimens.
#pragma once

#include <array>

#include "model/migration.hpp"

namespace vinny {

/// Numbers are one gapless sequence over all systems; daemon/systems.cmake proves it.
inline constexpr std::array specimens_migrations{4, 6, 9};

/// A text never changes once it has shipped: catalogs hold it, comments included.
[[nodiscard]] std::span<migration const> specimen_tables() noexcept;

}  // namespace vinny
