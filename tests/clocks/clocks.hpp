// SPDX-License-Identifier: MIT
//
// Clocks: a shelf of clocks that want to be wound.
#pragma once

#include "clocks/tables/clocks.hpp"
#include "model/subsystem.hpp"

namespace vinny {

extern subsystem const clocks_system;

}  // namespace vinny
