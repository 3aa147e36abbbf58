// SPDX-License-Identifier: MIT
//
// From a URL to a connection that may be used: resolve, check every address, connect to one that
// was checked. Nothing is resolved a second time between the check and the connect.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "http/dns.hpp"
#include "http/transport.hpp"

namespace vinny {

class dialer {
 public:
  /// `contactable`: a contact is configured, so that public hosts may be asked.
  dialer(dns_cache& dns, tls_context& tls, http_config const& limits, bool contactable)
      : dns_(dns), tls_(tls), limits_(limits), contactable_(contactable) {}

  /// Errors of resolving, of the guard (blocked_address, blocked_port, contact_missing) and of
  /// connecting. An address from connect_to is the operator's word and is not questioned.
  [[nodiscard]] task<result<std::unique_ptr<connection>>> connect(url target, deadline limit);

  /// The operator named this host and port himself: no contact is needed and any port is right
  /// for it. `guard::off`: its address may be private, too.
  enum class guard { on, off };
  void trust(url const& endpoint, guard addresses = guard::off);

 private:
  [[nodiscard]] task<result<std::vector<asio::ip::tcp::endpoint>>> endpoints(url const& target,
                                                                             deadline limit);

  dns_cache& dns_;
  tls_context& tls_;
  http_config const& limits_;
  bool contactable_;
  std::map<std::string, guard> trusted_;  // by "host:port"
};

}  // namespace vinny
