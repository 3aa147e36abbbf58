// SPDX-License-Identifier: MIT
//
// One connection to one host, and HTTP/1.1 exchanges on it, each phase with its own deadline and
// its own error. Knows nothing of pools, politeness or redirects.
#pragma once

#include <functional>
#include <memory>

#include "config/config.hpp"
#include "http/message.hpp"
#include "http/wire/race.hpp"
#include "http/wire/stream.hpp"
#include "http/wire/tls_stream.hpp"

namespace vinny {

/// What the caller wants to know while an exchange goes on.
struct exchange_hooks {
  std::function<void()> written{};  // the request has been handed to the kernel
  /// The answer's head has arrived: its status and Retry-After.
  std::function<void(int status, std::string_view retry_after)> head{};
};

class connection {
 public:
  virtual ~connection() = default;
  /// Sends one request and reads the whole answer. After a failure, or an answer that ends the
  /// connection, ready() is false.
  [[nodiscard]] virtual task<result<response>> exchange(request const& what,
                                                        exchange_hooks const& hooks,
                                                        deadline limit) = 0;
  /// True when an exchange may begin: nothing is left of the last one in any buffer, the other side
  /// keeps the connection, and is silent.
  [[nodiscard]] virtual bool ready() = 0;
  /// True once any answer has been read on it.
  [[nodiscard]] virtual bool used() const noexcept = 0;
};

/// A proxy on the way. Of http it is asked for the whole address; of https for a tunnel.
struct proxy_hop {
  url address;
  std::string authorization{};  // value of Proxy-Authorization; empty: none
};

/// Connects to the first of the addresses that answers, the proxy's if there is one, with TLS for
/// https. The addresses have been checked by the caller; nothing is resolved here. `remote` becomes
/// the address that answered.
[[nodiscard]] task<result<std::unique_ptr<connection>>> dial(
    tls_context& tls, url target, endpoint_list addresses, http_config const& limits,
    proxy_hop const* proxy, asio::ip::address& remote, deadline limit);

}  // namespace vinny
