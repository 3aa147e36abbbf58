// SPDX-License-Identifier: MIT
#pragma once

namespace vinny {

class command_line;

/// The verbs of `vinny` that are this system's.
void add_event_verbs(command_line& to);

}  // namespace vinny
