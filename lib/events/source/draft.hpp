// SPDX-License-Identifier: MIT
//
// An event while the sources of its page are put together: what one source says, placed and
// dated, and how two such records become one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/url.hpp"
#include "events/markup/raw_event.hpp"
#include "events/model/event.hpp"
#include "events/source/place.hpp"

namespace vinny {

struct event_draft {
  raw_event raw;
  venue_finder::placing place;
  std::optional<local_moment> moment;   // none: no start, or one that cannot be read
  std::vector<std::string> performers;  // of the source, or the act of the title
  bool has_lineup = false;              // performers are the source's own
  std::string link;                     // own URL, on the page's site; "" when it has none
  std::string code;                     // event code
  std::string act_key;                  // identity of the headliner
  std::string title_key;                // identity of the title
};

/// A URL without scheme, "www." and trailing slash: what tells pages of a site apart.
[[nodiscard]] std::string link_key(std::string_view link);

/// Lays a source's record into the venue's clock and names. Pure.
[[nodiscard]] event_draft make_draft(raw_event raw, venue_finder const& finder, url const& page);

/// Adds a draft to those of the page. The same event (code, link, or date and headliner; at one
/// venue) is merged: what is there stays, empty fields are filled, images follow. Drafts must come
/// in the order of their sources, best first.
void merge_draft(std::vector<event_draft>& drafts, event_draft draft);

/// Fills the empty fields of `into` from a lower source.
void complete(event_draft& into, event_draft from);

/// The published record; the draft must have a venue and a name, `moment` is its start.
[[nodiscard]] event finish(event_draft const& draft, local_moment const& moment, url const& page);

/// What keeps a draft from being an event, e.g. "JSON-LD event 'X': startDate 'soon' cannot be
/// read"; "" when nothing does.
[[nodiscard]] std::string problem_of(event_draft const& draft);

}  // namespace vinny
