// SPDX-License-Identifier: MIT
//
// From facts to published rows: events, artists and confirmed objects become the five tables.
// Pure. A row never names an image that the store has not confirmed.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "blob/public_address.hpp"
#include "events/publish/row.hpp"
#include "events/tables/events.hpp"
#include "events/tables/images.hpp"
#include "model/venue.hpp"

namespace vinny {

struct published_facts {
  std::vector<stored_event> events;
  std::map<std::string, std::string> artist_names;  // slug → name
  std::vector<rendition_row> renditions;            // stored or not
};

/// `sizes` decides which rendition is an artist's image: the largest that is stored.
[[nodiscard]] std::vector<row> published_rows(published_facts const& facts,
                                              std::span<venue const> venues, size_list const& sizes,
                                              std::string const& public_url);

/// The facts as they are in the catalog; runs inside catalog::read.
[[nodiscard]] published_facts facts_of(database& db);

/// The public address of a rendition, with "?v=" and the first 8 digits of the content's SHA-256
/// where the key has held other content: what caches keep under the plain address is the old one.
[[nodiscard]] std::string public_address(std::string const& public_url, rendition_row const& what);

/// The stored image to show for an artist.
class image_index {
 public:
  image_index(std::span<rendition_row const> renditions, size_list const& sizes,
              std::string const& public_url);
  /// The largest at that venue; empty when none is stored.
  [[nodiscard]] std::string at_venue(std::string const& slug, std::string const& tag) const;
  /// The largest at the first venue that has one.
  [[nodiscard]] std::string anywhere(std::string const& slug) const;

 private:
  struct choice {
    std::uint32_t pixels = 0;
    std::string address;
  };
  std::map<std::pair<std::string, std::string>, choice> best_;  // slug, venue tag
};

[[nodiscard]] std::string venue_name(std::span<venue const> venues, std::string const& tag);
[[nodiscard]] std::string venue_id(std::span<venue const> venues, std::string const& tag);

}  // namespace vinny
