// SPDX-License-Identifier: MIT
//
// Events as facts: pages give sightings, and the sightings of one key add up to events. What an
// event says is a pure function of its sightings, so the order in which pages were read, and any
// crash in between, make no difference. Functions run inside catalog::write or catalog::read.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/database.hpp"
#include "events/model/event.hpp"
#include "model/venue.hpp"

namespace vinny {

struct performer {
  std::string name;
  std::string slug;
};

struct stored_event {
  std::string composite_key;
  event record;
  std::vector<performer> performers;  // headliner first
  std::string scraped_at;
  std::string created_at;
  std::string updated_at;
};

/// The slug of an artist's name, entered into the registry: names of one identity share it; a
/// second identity gets a hash suffix (core/slug).
[[nodiscard]] std::string artist_slug(database& db, std::string const& name);

/// An artist at a venue whose events changed: whose image may have changed with them.
using artist_at_venue = std::pair<std::string, std::string>;  // venue_tag, artist_slug

/// What a page said of `venues` (those it was read for) is replaced by `events`. `today` is the
/// date under which an event without sightings is kept as history. Returns the artists touched.
std::set<artist_at_venue> replace_sightings(database& db, std::int64_t page_id,
                                            std::vector<venue> const& venues,
                                            std::vector<event> const& events,
                                            std::string const& today,
                                            std::string const& scraped_at);

/// All events, in the order of their keys; with `venue_tags`, only those venues'.
[[nodiscard]] std::vector<stored_event> all_events(database& db,
                                                   std::vector<std::string> const& venue_tags = {});
/// The events of an artist at a venue: those to come first, by date, then past ones.
[[nodiscard]] std::vector<stored_event> events_of(database& db, artist_at_venue const& who,
                                                  std::string const& today);
[[nodiscard]] std::int64_t events_at(database& db, std::vector<std::string> const& venue_tags);
/// Events of today or later that a page told when it was read last.
[[nodiscard]] std::int64_t upcoming_on_page(database& db, std::int64_t page_id,
                                            std::vector<std::string> const& venue_tags,
                                            std::string const& today);
/// Those of all pages but the given ones.
[[nodiscard]] std::int64_t upcoming_elsewhere(database& db, std::vector<std::int64_t> const& pages,
                                              std::vector<std::string> const& venue_tags,
                                              std::string const& today);
[[nodiscard]] std::int64_t sightings_at(database& db, std::vector<std::string> const& venue_tags);

}  // namespace vinny
