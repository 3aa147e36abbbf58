// SPDX-License-Identifier: MIT
//
// The URL forms of image hosts that cut sizes on demand: which size to ask them for. A host that
// is not in the table offers one size, "direct".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/url.hpp"

namespace vinny {

/// What an image's URL tells of itself.
struct image_source {
  std::string form = "direct";  // vea vegasevents imateq direct
  std::uint32_t pixels = 0;     // the size that the URL asks for; 0: it does not say
};

/// vea: img.vea-cdn.com/img/artists/<hash>/<slug>_<px>.jpg. vegasevents:
/// cdn.vegaseventsapi.com/images/<slug>/<px or label>.jpg. imateq:
/// venueeventartist.com/imateq/…/<W>SC<H>/<file>.
[[nodiscard]] image_source parse_image_url(url const& image);

/// URLs to try for one wanted size (edge in pixels), best first: that size, then the sizes that
/// such hosts offer from the largest down, the URL as it was given in its place among them. Never
/// empty, no URL twice.
[[nodiscard]] std::vector<std::string> image_candidates(url const& image, std::uint32_t pixels);
/// The same of a URL as text; none when it is no URL.
[[nodiscard]] std::vector<std::string> candidate_urls(std::string const& address,
                                                      std::uint32_t pixels);

}  // namespace vinny
