// SPDX-License-Identifier: MIT
#include "http/server/listeners.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "http/unix_path.hpp"
#include "policy/classify.hpp"

namespace vinny {

using boost::system::error_code;
using local = asio::local::stream_protocol;
using tcp = asio::ip::tcp;

namespace {

/// Takes away a socket file that nobody answers on.
result<> make_room(asio::any_io_executor const& loop, std::filesystem::path const& path,
                   local::endpoint const& endpoint) {
  std::error_code unknown;
  auto const there = std::filesystem::symlink_status(path, unknown);
  if (!std::filesystem::exists(there)) return {};
  if (!std::filesystem::is_socket(there)) {
    return fail(errc::config_invalid,
                fmt::format("control.socket '{}': there is a file that is no socket; name another "
                            "place",
                            path.string()));
  }
  local::socket probe{loop};
  error_code error;
  probe.connect(endpoint, error);
  if (!error) {
    return fail(errc::catalog_locked,
                fmt::format("{}: another daemon answers there", path.string()));
  }
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return {};
}

}  // namespace

result<unix_listener> open_unix_listener(asio::any_io_executor const& loop,
                                         std::filesystem::path const& path) {
  unix_path const shortened{path};
  local::endpoint const endpoint{shortened.str()};
  if (auto const free = make_room(loop, path, endpoint); !free)
    return std::unexpected(free.error());
  unix_listener out{loop};
  error_code error;
  out.open(endpoint.protocol(), error);
  // Created closed to others, then opened to the group.
  auto const mask = ::umask(0117);
  if (!error) out.bind(endpoint, error);
  ::umask(mask);
  if (!error) out.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return out;
  return fail(from_errno(error.value()),
              fmt::format("control.socket '{}': {}", path.string(), error.message()));
}

result<tcp_listener> open_tcp_listener(asio::any_io_executor const& loop,
                                       std::string const& address, std::uint16_t port) {
  error_code error;
  auto const ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  if (error) return fail(errc::config_invalid, fmt::format("'{}' is not an address", address));
  tcp_listener out{loop};
  out.open(ip.is_v6() ? tcp::v6() : tcp::v4(), error);
  if (!error) out.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error) out.bind({ip, port}, error);
  if (!error) out.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return out;
  return fail(from_errno(error.value()),
              fmt::format("control.listen '{}:{}': {}", address, port, error.message()));
}

result<std::variant<unix_listener, tcp_listener>> adopt_listener(asio::any_io_executor const& loop,
                                                                 int fd) {
  auto const option = [fd](int name) {
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
  };
  auto const family = option(SO_DOMAIN);
  error_code error;
  if (option(SO_TYPE) == SOCK_STREAM && option(SO_ACCEPTCONN) == 1) {
    if (family == AF_UNIX) {
      unix_listener out{loop};
      out.assign(local{}, fd, error);
      if (!error) return out;
    } else if (family == AF_INET || family == AF_INET6) {
      tcp_listener out{loop};
      out.assign(family == AF_INET ? tcp::v4() : tcp::v6(), fd, error);
      if (!error) return out;
    }
  }
  return fail(
      errc::config_invalid,
      fmt::format("the socket that came with the start (descriptor {}) is none that listens "
                  "to streams; in a .socket unit it is ListenStream=",
                  fd));
}

}  // namespace vinny
