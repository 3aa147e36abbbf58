// SPDX-License-Identifier: MIT
//
// The catalog's tables of events.
#pragma once

#include <array>

#include "model/migration.hpp"

namespace vinny {

/// Numbers are one gapless sequence over all systems; daemon/systems.cmake proves it.
inline constexpr std::array events_migrations{1, 2, 3, 9};

/// A text never changes once it has shipped: catalogs hold it, comments included.
[[nodiscard]] std::span<migration const> event_tables() noexcept;

}  // namespace vinny
