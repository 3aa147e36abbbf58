// SPDX-License-Identifier: MIT
//
// Specimens: lists of herbaria to distinct images, each fetched once and kept.
#pragma once

#include "model/subsystem.hpp"
#include "specimens/tables/specimen_schema.hpp"

namespace vinny {

extern subsystem const specimens_system;

}  // namespace vinny
