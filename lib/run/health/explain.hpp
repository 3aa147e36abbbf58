// SPDX-License-Identifier: MIT
//
// What the catalog knows of one thing: each system tells what it knows.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catalog/database.hpp"

namespace vinny {

struct explanation {
  std::string kind;                                        // page, image, file, event, artist …
  std::vector<std::pair<std::string, std::string>> facts;  // in the order to show them
};

/// All that is known under a URL, a key, an id or a name. Empty: nothing is.
[[nodiscard]] std::vector<explanation> explain(database& db, std::string const& subject);

/// "now", or the moment when a thing is due.
[[nodiscard]] std::string due_text(std::int64_t due_ms);

}  // namespace vinny
