// SPDX-License-Identifier: MIT
#pragma once

#include "catalog/database.hpp"
#include "command/arguments.hpp"
#include "config/config.hpp"

namespace vinny {

/// `vinny specimens status`: the report, and where --output-dir is given a file of it.
[[nodiscard]] int show_specimens(config const& settings, database& db, arguments const& what);
/// `vinny specimens check`: 0, or 9 when something is not as it was recorded.
[[nodiscard]] int check_specimens(config const& settings, database& db, arguments const& what);

}  // namespace vinny
