// SPDX-License-Identifier: MIT
//
// Runs from the command line: by the daemon where one works on this catalog, else in this process.
#pragma once

#include <filesystem>
#include <memory>

#include "command/arguments.hpp"
#include "command/daemon_client.hpp"

namespace vinny {

/// Starts a run at the daemon and follows it to its end.
[[nodiscard]] int run_by_daemon(daemon_client const& daemon, arguments const& what);
/// The same work in this process, on the same catalog, under the same lock. `refused` is the
/// socket of a daemon that this user may not use, if there is one.
[[nodiscard]] int run_here(std::shared_ptr<config const> settings, arguments const& what,
                           std::filesystem::path const& refused = {});

}  // namespace vinny
