// SPDX-License-Identifier: MIT
//
// GET /v1/logs: the last lines of the daemon's log, and those that come.
#pragma once

#include "http/server.hpp"

namespace vinny {

/// Lines that the daemon keeps.
inline constexpr std::size_t kept_log_lines = 10'000;

/// `latest_run`: what run=latest means; empty: there was none.
[[nodiscard]] server_response log_answer(server_request const& request,
                                         std::string const& latest_run);

}  // namespace vinny
