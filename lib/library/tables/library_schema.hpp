// SPDX-License-Identifier: MIT
//
// The catalog's tables of the library.
#pragma once

#include <array>

#include "model/migration.hpp"

namespace vinny {

/// Numbers are one gapless sequence over all systems; daemon/systems.cmake proves it.
inline constexpr std::array library_migrations{8};

/// A text never changes once it has shipped: catalogs hold it, comments included.
[[nodiscard]] std::span<migration const> library_tables() noexcept;

}  // namespace vinny
