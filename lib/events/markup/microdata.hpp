// SPDX-License-Identifier: MIT
//
// Microdata (HTML Living Standard, section 5): items as the JSON objects that the same data would
// be as JSON-LD, so that one reader serves both.
#pragma once

#include <boost/json/value.hpp>

#include <vector>

#include "events/markup/html.hpp"

namespace vinny {

/// The page's top-level items: `@type` from itemtype, `@id` from itemid, one member a property;
/// a property that is given several times is an array. Nesting and itemref are bounded.
[[nodiscard]] std::vector<boost::json::value> read_microdata(html_node page);

}  // namespace vinny
