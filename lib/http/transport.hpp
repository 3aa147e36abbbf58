// SPDX-License-Identifier: MIT
//
// One connection to one host: TCP, TLS, and HTTP/1.1 exchanges on it, each phase with its own
// deadline and its own error. Knows nothing of pools, politeness or redirects.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <span>

#include "config/config.hpp"
#include "http/message.hpp"

namespace vinny {

/// Trusted roots and TLS settings: at least TLS 1.2, verification always on.
class tls_context {
 public:
  /// Throws std::runtime_error when `ca_file` cannot be read.
  explicit tls_context(std::filesystem::path const& ca_file);
  ~tls_context();
  tls_context(tls_context&&) noexcept;
  struct impl;
  [[nodiscard]] impl& get() const noexcept { return *impl_; }

 private:
  std::unique_ptr<impl> impl_;
};

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
  /// connection, reusable() is false.
  [[nodiscard]] virtual task<result<response>> exchange(request const& what,
                                                        exchange_hooks const& hooks,
                                                        deadline limit) = 0;
  /// True when another exchange may begin: kept alive, and silent since.
  [[nodiscard]] virtual bool reusable() = 0;
  /// True once any answer has been read on it.
  [[nodiscard]] virtual bool used() const noexcept = 0;
};

/// Connects to the first of the addresses that answers, with TLS for https. The addresses have
/// been checked by the caller; nothing is resolved here.
[[nodiscard]] task<result<std::unique_ptr<connection>>> dial(
    tls_context& tls, url const& target, std::span<asio::ip::tcp::endpoint const> addresses,
    http_config const& limits, deadline limit);

}  // namespace vinny
