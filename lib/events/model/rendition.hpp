// SPDX-License-Identifier: MIT
//
// Where an artist's picture at a venue lives, in one size. All three parts are slugs.
#pragma once

#include <string>

namespace vinny {

struct rendition_id {
  std::string venue_tag;
  std::string artist_slug;
  std::string size;

  /// "artists/carl-cox/carl-cox_liv_main.jpg": the path under data_dir, and the object's key.
  [[nodiscard]] std::string key() const {
    return "artists/" + artist_slug + '/' + artist_slug + '_' + venue_tag + '_' + size + ".jpg";
  }
  friend bool operator==(rendition_id const&, rendition_id const&) = default;
  friend auto operator<=>(rendition_id const&, rendition_id const&) = default;
};

}  // namespace vinny
