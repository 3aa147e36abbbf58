// SPDX-License-Identifier: MIT
//
// Which requests go through a proxy, and which may: a proxy resolves names itself, so that what
// remains for the address guard is the name. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vinny {

/// True when an entry of NO_PROXY is meant: "*", a host with all that is under it, an address or a
/// network in CIDR form. `host`: as url::host() has it.
[[nodiscard]] bool goes_direct(std::string_view host, std::vector<std::string> const& no_proxy);

/// True of a name without a dot, and of those that are or are under one of the list: they are a
/// network's own.
[[nodiscard]] bool is_private_name(std::string_view host,
                                   std::vector<std::string> const& private_names);

}  // namespace vinny
