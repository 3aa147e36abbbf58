// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "catalog/database.hpp"
#include "command/output.hpp"
#include "config/config.hpp"

namespace vinny {

/// `vinny specimens status`; `output_dir`: where summary_<date>.txt goes as well; empty: nowhere.
[[nodiscard]] int show_specimens(config const& settings, database& db, output_options const& how,
                                 std::filesystem::path const& output_dir);
/// `vinny specimens check`: 0, or 9 when something is not as it was recorded.
[[nodiscard]] int check_specimens(config const& settings, database& db, output_options const& how);

}  // namespace vinny
