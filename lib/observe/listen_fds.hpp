// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace vinny {

/// Sockets that the service manager has opened for us (sd_listen_fds(3), without libsystemd). Asked
/// for once: what is started from here does not inherit them.
[[nodiscard]] std::vector<int> take_listen_fds();

}  // namespace vinny
