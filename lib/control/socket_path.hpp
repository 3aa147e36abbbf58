// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "config/config.hpp"

namespace vinny {

/// Where the control socket is: control.socket if absolute, else under $RUNTIME_DIRECTORY (set by
/// systemd), else under data_dir.
[[nodiscard]] std::filesystem::path socket_path(config const& settings);

/// Where a command looks for a daemon: the above, and the packaged service's place.
[[nodiscard]] std::vector<std::filesystem::path> socket_candidates(config const& settings);

}  // namespace vinny
