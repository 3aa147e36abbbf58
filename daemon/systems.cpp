// SPDX-License-Identifier: MIT
// The systems of this program, in the order in which they are told of.
#include <array>

#include "audit/audit.hpp"
#include "captures/captures.hpp"
#include "captures/tables/capture_schema.hpp"
#include "catalog/schema.hpp"
#include "events/events.hpp"
#include "events/tables/event_schema.hpp"
#include "library/library.hpp"
#include "library/tables/library_schema.hpp"
#include "specimens/specimens.hpp"
#include "specimens/tables/specimen_schema.hpp"

namespace vinny {

static_assert(are_gapless(floor_migrations, event_migrations, specimen_migrations,
                          capture_migrations, library_migrations),
              "versions of the catalog are one sequence over all systems");

std::span<subsystem const* const> systems() noexcept {
  static constexpr std::array all{&events_system, &specimens_system, &captures_system,
                                  &audit_system, &library_system};
  return all;
}

}  // namespace vinny
