// SPDX-License-Identifier: MIT
//
// What the catalog knows of one thing: a page, an image, a file, an event, an artist.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "catalog/database.hpp"

namespace vinny {

struct explanation {
  std::string kind;                                        // page image file event artist
  std::vector<std::pair<std::string, std::string>> facts;  // in the order to show them
};

/// All that is known under a URL, a file's key ("artists/…jpg"), an event's composite key or an
/// artist's slug.
/// Empty: nothing is.
[[nodiscard]] std::vector<explanation> explain(database& db, std::string const& subject);

}  // namespace vinny
