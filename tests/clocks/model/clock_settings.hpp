// SPDX-License-Identifier: MIT
//
// [clocks]
#pragma once

#include <string>
#include <vector>

namespace vinny {

namespace settings {
class settings_table;
}

struct clocks_config {
  std::vector<std::string> shelf;  // the clocks' names
};

void configure_clocks(settings::settings_table& to);

}  // namespace vinny
