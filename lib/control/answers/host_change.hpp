// SPDX-License-Identifier: MIT
//
// Changes of a host as the control endpoint takes them, and hosts as it tells of them.
#pragma once

#include <string>
#include <string_view>

#include "core/failure.hpp"
#include "policy/host_lane.hpp"

namespace vinny {

/// {"release": true, "delay_ms": 500 or null, "concurrency": 2 or null}, each optional. Fails with
/// bad_json.
[[nodiscard]] result<host_change> parse_host_change(std::string_view body);
[[nodiscard]] std::string to_json(host_change const& change);

/// A host's name as lanes know it: lower case, without "www.". Fails with bad_url.
[[nodiscard]] result<std::string> parse_host_name(std::string_view text);

}  // namespace vinny
