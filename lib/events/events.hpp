// SPDX-License-Identifier: MIT
//
// Events: venues' pages to events, their artists' images to renditions, and both to a database of
// direct URLs.
#pragma once

#include "events/tables/event_schema.hpp"
#include "model/subsystem.hpp"

namespace vinny {

extern subsystem const events_system;

}  // namespace vinny
