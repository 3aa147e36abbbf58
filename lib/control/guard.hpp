// SPDX-License-Identifier: MIT
//
// Who may ask what of the control endpoint. Pure. The Unix socket's file mode is its guard; on
// TCP every request needs the token, the right Host (DNS rebinding), and, when it changes
// something, must not come from another site's page (CSRF).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/secret.hpp"
#include "http/server.hpp"

namespace vinny {

struct tcp_policy {
  secret token;
  std::vector<std::string> hosts;  // "127.0.0.1:8787", "localhost:8787", "[::1]:8787"
};

/// The refusal, or nothing when the request may pass. `is_open`: its route needs no token.
[[nodiscard]] std::optional<server_response> refusal(server_request const& request,
                                                     tcp_policy const& policy, bool is_open);

/// Who asks may see what is not public: over the Unix socket, or with the token.
[[nodiscard]] bool is_known(server_request const& request, tcp_policy const& policy);

/// The names under which a listener may be addressed.
[[nodiscard]] std::vector<std::string> host_names(std::uint16_t port);

}  // namespace vinny
