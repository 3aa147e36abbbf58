// SPDX-License-Identifier: MIT
#include "clocks/model/clock_settings.hpp"

#include "config/settings_table.hpp"

namespace vinny {

void configure_clocks(settings::settings_table& to) {
  settings::rules<clocks_config> const rules{
      settings::texts("shelf", &clocks_config::shelf, settings::slug_text)};
  to.section("clocks", rules, "control");
}

}  // namespace vinny
