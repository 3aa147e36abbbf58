// SPDX-License-Identifier: MIT
//
// Runs from the command line: by the daemon where one works on this catalog, else in this process.
#pragma once

#include <memory>

#include "command/arguments.hpp"
#include "command/daemon_client.hpp"

namespace vinny {

/// Starts a run at the daemon and follows it to its end.
/// Of a failure that ends the command.
[[nodiscard]] int exit_code_of(errc code) noexcept;

[[nodiscard]] int run_by_daemon(daemon_client const& daemon, arguments const& what);
/// The same work in this process, on the same catalog, under the same lock. `looked` tells of
/// daemons that could not be used; it is for the message when the catalog is theirs.
[[nodiscard]] int run_here(std::shared_ptr<config const> const& settings, arguments const& what,
                           found_daemon const& looked = {});

}  // namespace vinny
