// SPDX-License-Identifier: MIT
//
// The proxy, as the configuration and the environment write it. What curl takes is taken: a scheme
// or none, port 1080 where none is named, a user and a password. Private to config/.
//
// Source: curl(1), "--proxy" and "Environment"; everything.curl.dev, "Proxy environment variables".
#pragma once

#include <optional>

#include "config/rule_kinds.hpp"

namespace vinny {
struct environment;
}

namespace vinny::settings {

class draft;

/// "http://user:password@proxy.example:3128"; "none" is no proxy. Gives what is wrong, without the
/// password.
[[nodiscard]] complaint read_proxy(std::string_view text, proxy_setting& into);

/// http.proxy: for both schemes.
[[nodiscard]] rule<http_config> proxy_rule();

/// One entry of http.no_proxy: "*", a host with what is under it, an address, or a network.
[[nodiscard]] complaint no_proxy_entry(std::string& text);

/// http_proxy, HTTPS_PROXY, ALL_PROXY and NO_PROXY, where http.proxy or http.no_proxy says nothing.
void apply_proxy_variables(draft& onto, environment const& process);

}  // namespace vinny::settings
