// SPDX-License-Identifier: MIT
//
// The catalog's table of clocks.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "catalog/database.hpp"
#include "model/migration.hpp"

namespace vinny {

inline constexpr std::array clocks_migrations{10};
[[nodiscard]] std::span<migration const> clock_tables() noexcept;

struct clock_row {
  std::int64_t id = 0;
  std::string name;
  int attempts = 0;
  bool is_wound = false;
};

/// Clocks that are on the shelf and were not known want to be wound.
void put_on_shelf(database& db, std::vector<std::string> const& names);
/// All of them, or those that want to be wound.
[[nodiscard]] std::vector<clock_row> list_clocks(database& db, bool unwound_only);
void set_wound(database& db, std::int64_t id);
/// A clock that is broken is taken off the shelf.
void take_off(database& db, std::int64_t id);

}  // namespace vinny
