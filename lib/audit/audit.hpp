// SPDX-License-Identifier: MIT
//
// The audit: `vinny verify` compares what every system has recorded with what the store has.
#pragma once

#include "model/subsystem.hpp"

namespace vinny {

extern subsystem const audit_system;

}  // namespace vinny
