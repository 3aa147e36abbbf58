// SPDX-License-Identifier: MIT
//
// A venue: where events happen, and how its site is read.
#pragma once

#include <string>
#include <vector>

#include "core/slug.hpp"

namespace vinny {

struct venue {
  std::string tag;                       // "liv": in file names, in --venues
  std::string name;                      // registered name; its slug is in composite keys
  std::vector<std::string> aliases;      // other names that pages use
  std::string extractor = "schema-org";  // liv xs ebc tao schema-org
  std::string sitemap;                   // URL of its sitemap; empty: the venue is not scraped
  std::string time_zone = "America/Los_Angeles";
  std::vector<std::string> image_hosts;  // where its images may live; empty: anywhere public

  /// The venue's id in the published rows: the slug of its registered name.
  [[nodiscard]] std::string id() const { return slugify(name, "venue").slug; }
};

}  // namespace vinny
