// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "run/health/explain.hpp"

namespace vinny {

/// Of a page or an image by its URL, a file by its key ("artists/…jpg"), an event by its composite
/// key, an artist by its slug.
void explain_event_matter(database& db, std::string const& subject, std::vector<explanation>& out);

}  // namespace vinny
