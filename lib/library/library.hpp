// SPDX-License-Identifier: MIT
//
// The library: albums, and the service that knows their artwork.
#pragma once

#include "library/tables/library_schema.hpp"
#include "model/subsystem.hpp"

namespace vinny {

extern subsystem const library_system;

}  // namespace vinny
