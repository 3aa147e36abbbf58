// SPDX-License-Identifier: MIT
//
// Whose process is at the other end of a connection.
#pragma once

#include "http/server.hpp"
#include "http/wire/stream.hpp"

namespace vinny {

/// Of a Unix socket the kernel tells the user; of TCP it does when the other end is on this machine
/// and netlink may be asked (sock_diag(7)).
[[nodiscard]] peer peer_of(stream_socket& socket);

}  // namespace vinny
