// SPDX-License-Identifier: MIT
#include "events/model/event.hpp"

#include <array>

namespace vinny {
namespace {

constexpr std::array<std::string_view, 5> event_status_names{"scheduled", "cancelled", "postponed",
                                                             "rescheduled", "moved_online"};

}  // namespace

std::string_view name(event_status status) noexcept {
  return event_status_names[static_cast<std::size_t>(status)];
}

event_status event_status_from_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < event_status_names.size(); ++i) {
    if (event_status_names[i] == text) return static_cast<event_status>(i);
  }
  return event_status::scheduled;
}

}  // namespace vinny
