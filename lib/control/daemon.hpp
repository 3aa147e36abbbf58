// SPDX-License-Identifier: MIT
//
// The daemon: engine, control endpoint, signals and the service manager, put together.
#pragma once

#include <functional>
#include <memory>

#include "config/load.hpp"

namespace vinny {

/// Runs until SIGTERM or SIGINT, and gives the exit code: 0 after an orderly end, 1 when it could
/// not start, 8 when another program holds the catalog, 78 when the configuration cannot be put to
/// work. `reload` reads the configuration anew, on SIGHUP. A second signal ends it at once.
/// `beside`: another daemon holds the catalog; this one serves captures and has no runs.
[[nodiscard]] int run_daemon(std::shared_ptr<config const> settings,
                             std::function<checked<config>()> reload, bool beside = false);

}  // namespace vinny
