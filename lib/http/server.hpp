// SPDX-License-Identifier: MIT
//
// A small HTTP/1.1 server for local use, on Unix sockets and loopback TCP: bounded in connections,
// header and body sizes, and in how long a client may dawdle. What is served is the handler's.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <sys/types.h>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/failure.hpp"
#include "http/message.hpp"
#include "task/task.hpp"

namespace vinny {

/// Who is at the other end.
struct peer {
  bool tcp = false;
  std::optional<uid_t> uid;  // of a Unix socket's peer
};

struct server_request {
  std::string method;
  std::string path;                          // decoded, without the query
  std::map<std::string, std::string> query;  // decoded
  header_list headers;
  std::string body;
  peer from;

  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    return find_header(headers, name);
  }
};

/// Who streams an answer writes something at least so often: whoever reads knows that it is there.
inline constexpr std::chrono::seconds stream_heartbeat{15};

/// Where a streaming answer's pieces go. False: the client is gone.
class stream_writer {
 public:
  virtual ~stream_writer() = default;
  [[nodiscard]] virtual task<bool> write(std::string piece) = 0;
};

struct server_response {
  int status = 200;
  header_list headers{};
  std::string body{};
  /// When set, the body is what this writes, until it returns or the client goes: then it is
  /// cancelled.
  std::function<task<>(stream_writer&)> stream{};
};

/// The largest body that a request may have, by its head; or what it is answered at once, its body
/// unread.
using body_limit =
    std::function<std::expected<std::uint64_t, server_response>(server_request const& head)>;
using server_handler = std::function<task<server_response>(server_request)>;

struct server_limits {
  std::uint32_t max_head_bytes = 64 * 1024;
  std::uint64_t max_body_bytes = 64 * 1024;
  body_limit larger_body{};            // asked of what has more; null: nothing may
  std::size_t max_connections = 1024;  // of each listener
  std::chrono::seconds head_timeout{5};
  std::chrono::seconds body_timeout{10};
  std::chrono::seconds idle_timeout{60};
};

struct given_listener {
  std::string name;                   // the socket's path, or address:port
  std::optional<std::uint16_t> port;  // of TCP
};

class http_server {
 public:
  http_server(asio::any_io_executor loop, server_handler handler, server_limits limits = {});
  ~http_server();

  /// Listens on a Unix socket, mode 0660. A socket file that nobody answers on is replaced; one
  /// that somebody does is catalog_locked. A path longer than a socket address holds is fine.
  [[nodiscard]] result<> listen_unix(std::filesystem::path const& path);
  /// Listens on an address and port; the port in use (0 picks one).
  [[nodiscard]] result<std::uint16_t> listen_tcp(std::string const& address, std::uint16_t port);

  /// Listens on a socket that listens already, of either kind, and takes it over; its file is its
  /// maker's. The port of TCP. Fails with config_invalid when it is no such socket.
  [[nodiscard]] result<given_listener> listen_given(int fd);

  /// Accepts nothing more, ends all connections and waits for them.
  [[nodiscard]] task<> stop();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vinny
