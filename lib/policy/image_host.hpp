// SPDX-License-Identifier: MIT
//
// Which hosts a venue's images may come from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vinny {

/// True when the host is one of the allowed ones or a subdomain of one. An empty list allows
/// every host. ASCII case and one trailing dot do not matter on either side.
[[nodiscard]] bool host_allowed(std::string_view host, std::vector<std::string> const& allowed);

}  // namespace vinny
