// SPDX-License-Identifier: MIT
#include "clocks/commands/clock_health.hpp"

#include <fmt/format.h>

#include "clocks/model/clock_settings.hpp"

namespace vinny {

task<> clock_health::examine(health& to) const {
  auto const count = to.settings.of<clocks_config>().shelf.size();
  to.found.push_back(
      count > 0 ? finding{"clocks", finding::state::ok, fmt::format("{} clocks", count), ""}
                : finding{"clocks", finding::state::warn, "the shelf is empty",
                          "name clocks in clocks.shelf"});
  co_return;
}

}  // namespace vinny
