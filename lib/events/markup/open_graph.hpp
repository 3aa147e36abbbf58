// SPDX-License-Identifier: MIT
//
// Open Graph: what a page says of itself to social networks. The weakest source: it completes
// others, and makes an event only of a page that is clearly one event's page.
#pragma once

#include "core/url.hpp"
#include "events/markup/html.hpp"
#include "events/markup/raw_event.hpp"

namespace vinny {

struct open_graph {
  raw_event event;        // name, start, description, images; any may be empty
  bool is_event = false;  // og:type says so, or the page's URL carries a dated event code
};

/// The start comes from event:start_time and its kin, from the date in the page's event code, or
/// from a `<time datetime>` that is not an article's date line.
[[nodiscard]] open_graph read_open_graph(html_node page, url const& address);

/// The content of the first `<meta>` with that property or name; "" when there is none.
[[nodiscard]] std::string_view meta_content(html_node page, std::string_view name);

}  // namespace vinny
