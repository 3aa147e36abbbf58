// SPDX-License-Identifier: MIT
//
// Captures: single pictures, with thumbnails made when they are wanted.
#pragma once

#include "captures/tables/capture_schema.hpp"
#include "model/subsystem.hpp"

namespace vinny {

extern subsystem const captures_system;

}  // namespace vinny
