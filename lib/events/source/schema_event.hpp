// SPDX-License-Identifier: MIT
//
// One schema.org Event as the common record, whichever of its many spellings a site uses.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "events/markup/event_graph.hpp"
#include "events/markup/raw_event.hpp"
#include "events/model/event.hpp"

namespace vinny {

/// Members of the wrong type count as absent. `startDate` wins over `previousStartDate`;
/// `doorTime` is no start.
[[nodiscard]] raw_event read_schema_event(event_graph const& graph,
                                          event_graph::found_event const& found,
                                          event_source source);

/// The table tiers among offers: those that have a name, each name once.
[[nodiscard]] std::vector<table_tier> read_offers(event_graph const& graph,
                                                  boost::json::value const& offers);

/// EventCancelled and the like, with or without schema.org's URL, in any case.
[[nodiscard]] event_status read_event_status(std::string_view text);

/// The text of a value: a string, a number, `@value` or `name` of an object, the first of an
/// array; "" for anything else. Not yet decoded.
[[nodiscard]] std::string text_of(boost::json::value const& value);
/// As plain text, at most `bytes` long.
[[nodiscard]] std::string plain_text_of(boost::json::value const& value, std::size_t bytes);

/// "$1,500.00", "1500", "from 500 USD" → the first number; nothing when there is none.
[[nodiscard]] std::optional<double> read_price(boost::json::value const& value);
/// "(up to 8 guests)", "8 people" → 8.
[[nodiscard]] std::optional<int> read_guests(std::string_view text);

}  // namespace vinny
