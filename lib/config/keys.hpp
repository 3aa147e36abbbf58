// SPDX-License-Identifier: MIT
//
// Every key there is: one row a key. A new key is a member in config/config.hpp, a row in
// keys.cpp (a system's: in its own settings), a line in docs/configuration.md and one in
// proto/config.schema.json; a test holds them together.
#pragma once

#include <string>
#include <vector>

#include "config/settings_table.hpp"

namespace vinny::settings {

/// The floor's sections, synonyms and checks.
void add_floor_settings(settings_table& to);
/// All keys of all sections, but what stands in tables of tables, in the order in which they are
/// shown.
[[nodiscard]] rules<config> const& config_rules();
/// What may stand in [politeness.host."…"].
[[nodiscard]] rules<host_politeness> const& host_rules();
/// What may stand in [[venue]].
[[nodiscard]] rules<venue> const& venue_rules();

/// "store.bucket" gives "VINNY_STORE_BUCKET".
[[nodiscard]] std::string variable_of(std::string_view key);

}  // namespace vinny::settings
