// SPDX-License-Identifier: MIT
//
// Every key there is: one row a key. A new key is a member in config/config.hpp, a row in
// keys.cpp, a line in docs/configuration.md and one in proto/config.schema.json; a test holds
// them together. Private to config/.
#pragma once

#include <string>
#include <vector>

#include "config/rule.hpp"

namespace vinny::settings {

/// All but [politeness.host], [captures.collection] and [[venue]], in the order in which they are
/// shown.
[[nodiscard]] rules<config> const& config_rules();
/// What may stand in [politeness.host."…"].
[[nodiscard]] rules<host_politeness> const& host_rules();
/// What may stand in [captures.collection.…].
[[nodiscard]] rules<collection_config> const& collection_rules();
/// What may stand in [[venue]].
[[nodiscard]] rules<venue> const& venue_rules();

/// "store.bucket" gives "VINNY_STORE_BUCKET".
[[nodiscard]] std::string variable_of(std::string_view key);

}  // namespace vinny::settings
