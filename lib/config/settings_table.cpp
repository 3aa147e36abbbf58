// SPDX-License-Identifier: MIT
#include "config/settings_table.hpp"

#include <algorithm>
#include <iterator>

#include "config/keys.hpp"
#include "model/subsystem.hpp"

namespace vinny::settings {
namespace {

settings_table make_table() {
  settings_table out;
  add_floor_settings(out);
  for (auto const* const system : systems()) {
    if (system->configure != nullptr) system->configure(out);
  }
  return out;
}

}  // namespace

void settings_table::insert(rules<config> added, std::string_view behind) {
  auto const start = std::string{behind} + '.';
  auto const last = std::find_if(rules_.rbegin(), rules_.rend(),
                                 [&](auto const& one) { return one.key.starts_with(start); });
  rules_.insert(last.base(), std::make_move_iterator(added.begin()),
                std::make_move_iterator(added.end()));
}

settings_table const& all_settings() {
  static auto const all = make_table();
  return all;
}

}  // namespace vinny::settings
