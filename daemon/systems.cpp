// SPDX-License-Identifier: MIT
// The systems of this program, in the order in which they are told of.
#include <array>

#include "audit/audit.hpp"
#include "captures/captures.hpp"
#include "events/events.hpp"
#include "library/library.hpp"
#include "specimens/specimens.hpp"

namespace vinny {

std::span<subsystem const* const> systems() noexcept {
  static constexpr std::array all{&events_system, &specimens_system, &captures_system,
                                  &audit_system, &library_system};
  return all;
}

}  // namespace vinny
