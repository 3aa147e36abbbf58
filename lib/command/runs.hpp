// SPDX-License-Identifier: MIT
//
// Runs from the command line: by the daemon where one works on this catalog, else in this process.
#pragma once

#include <memory>

#include "command/command_line.hpp"

namespace vinny {

/// Of a failure that ends the command.
[[nodiscard]] int exit_code_of(errc code) noexcept;

/// Starts a run and follows it to its end; in this process it is the same work, on the same
/// catalog, under the same lock. The exit code.
[[nodiscard]] int perform_run(std::shared_ptr<config const> const& settings, invocation const& how,
                              std::shared_ptr<job> const& asked);

}  // namespace vinny
