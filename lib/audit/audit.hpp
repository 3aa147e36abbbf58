// SPDX-License-Identifier: MIT
//
// The audit: `vinny verify` compares what every system has recorded with what the store has.
#pragma once

#include <array>

#include "model/subsystem.hpp"

namespace vinny {

inline constexpr std::array<int, 0> audit_migrations{};  // it has no tables

extern subsystem const audit_system;

}  // namespace vinny
