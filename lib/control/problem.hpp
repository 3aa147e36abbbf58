// SPDX-License-Identifier: MIT
//
// Errors of the control endpoint: application/problem+json (RFC 9457) with stable types.
#pragma once

#include <string>
#include <string_view>

#include "http/server.hpp"

namespace vinny {

/// `name` becomes the type "urn:vinny:problem:<name>"; `detail` is for people.
[[nodiscard]] server_response problem(int status, std::string_view name, std::string_view title,
                                      std::string_view detail = {},
                                      std::string_view extra_member = {},
                                      std::string_view extra_value = {});

/// A failure as a problem: its code gives status and type.
[[nodiscard]] server_response problem_of(failure const& why);

[[nodiscard]] server_response json_response(int status, std::string body);

}  // namespace vinny
