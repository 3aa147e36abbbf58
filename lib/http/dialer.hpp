// SPDX-License-Identifier: MIT
//
// From a URL to a connection that may be used: resolve, check every address, connect to one that
// was checked. Nothing is resolved a second time between the check and the connect.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <set>
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

  /// From now on this "host:port" is the operator's word, as an entry of connect_to is: its
  /// addresses are not questioned, and it needs no contact.
  void trust(std::string host_and_port) { trusted_.insert(std::move(host_and_port)); }

  /// Errors of resolving, of the guard (blocked_address, blocked_port, contact_missing) and of
  /// connecting. An address from connect_to is the operator's word and is not questioned.
  [[nodiscard]] task<result<std::unique_ptr<connection>>> connect(url target, deadline limit);

 private:
  [[nodiscard]] task<result<std::vector<asio::ip::tcp::endpoint>>> endpoints(url const& target,
                                                                             deadline limit);

  dns_cache& dns_;
  tls_context& tls_;
  http_config const& limits_;
  bool contactable_;
  std::set<std::string> trusted_;
};

}  // namespace vinny
