// SPDX-License-Identifier: MIT
//
// What UrVenue's widgets leave in a page: calendar cells, list items, and the JavaScript variable
// with a table map's items.
#pragma once

#include <string>
#include <vector>

#include "events/markup/html.hpp"
#include "events/markup/raw_event.hpp"
#include "events/model/event.hpp"

namespace vinny {

/// Events of the calendar (`uvtddate-YYYY-MM-DD` cells with `a.flyer`), then of the lists
/// (`li.eventitem`, `.uws-event-list-item`). One event code gives one event; what has no date or
/// no title gives none.
[[nodiscard]] std::vector<raw_event> read_urvenue(html_node page);

/// The items of `uv_tablesitems` in the page's scripts, as tiers; each name once.
[[nodiscard]] std::vector<table_tier> read_table_items(html_node page);

}  // namespace vinny
