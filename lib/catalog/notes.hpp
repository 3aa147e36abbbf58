// SPDX-License-Identifier: MIT
//
// Single facts about the catalog itself, by name. Functions run inside catalog::write or
// catalog::read.
#pragma once

#include <optional>
#include <string>

#include "catalog/database.hpp"

namespace vinny {

[[nodiscard]] std::optional<std::string> read_note(database& db, std::string const& name);
void set_note(database& db, std::string const& name, std::string const& value);

}  // namespace vinny
