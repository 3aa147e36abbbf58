// SPDX-License-Identifier: MIT
//
// The verbs that are of no system: hosts, status, runs, explain, doctor, config, logs.
#pragma once

#include "command/command_line.hpp"

namespace vinny {

void add_floor_verbs(command_line& to, chosen_verb& chosen);

}  // namespace vinny
