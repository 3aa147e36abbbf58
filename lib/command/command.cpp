// SPDX-License-Identifier: MIT
#include "command/command.hpp"

#include "command/settings.hpp"
#include "config/load.hpp"

namespace vinny {

int run_command(chosen_verb const& what) {
  auto loaded = load_config({.file = what.how.config_file, .data_dir = what.how.data_dir});
  if (!loaded) {
    return refuse_settings(loaded.error(), what.tells_problems && what.how.output.json);
  }
  return what.act(std::make_shared<config const>(std::move(*loaded)), what.how);
}

}  // namespace vinny
