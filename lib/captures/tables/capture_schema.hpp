// SPDX-License-Identifier: MIT
//
// The catalog's tables of captures.
#pragma once

#include <array>

#include "model/migration.hpp"

namespace vinny {

/// Numbers are one gapless sequence over all systems; daemon/systems.cmake proves it.
inline constexpr std::array captures_migrations{7, 9};

/// A text never changes once it has shipped: catalogs hold it, comments included.
[[nodiscard]] std::span<migration const> capture_tables() noexcept;

}  // namespace vinny
