// SPDX-License-Identifier: MIT
//
// Sockets that listen: made here, or given by who started the process.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>
#include <string>
#include <variant>

#include "core/failure.hpp"
#include "task/task.hpp"

namespace vinny {

using unix_listener = asio::local::stream_protocol::acceptor;
using tcp_listener = asio::ip::tcp::acceptor;

/// Mode 0660 from the first moment on. Fails with config_invalid for a file that is no socket, with
/// catalog_locked when somebody answers there, and as the system says.
[[nodiscard]] result<unix_listener> open_unix_listener(asio::any_io_executor const& loop,
                                                       std::filesystem::path const& path);
/// `address`: an address, or "localhost". Port 0 picks one.
[[nodiscard]] result<tcp_listener> open_tcp_listener(asio::any_io_executor const& loop,
                                                     std::string const& address,
                                                     std::uint16_t port);

/// Takes over a stream socket that listens already. Fails with config_invalid.
[[nodiscard]] result<std::variant<unix_listener, tcp_listener>> adopt_listener(
    asio::any_io_executor const& loop, int fd);

}  // namespace vinny
