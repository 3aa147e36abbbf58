// SPDX-License-Identifier: MIT
//
// UrVenue's event codes as they stand in URLs: EVE121488100020260627 ends in the event's date,
// EVE-SUP7FH carries none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace vinny {

struct event_code {
  std::string code;                    // upper case
  std::optional<year_month_day> date;  // the trailing eight digits, when they are a date
};

/// The code in a URL's path (`/event/EVE…/`) or query (`eventcode=EVE…`), or in any text that
/// holds one as a word (a class name).
[[nodiscard]] std::optional<event_code> find_event_code(std::string_view text);

}  // namespace vinny
