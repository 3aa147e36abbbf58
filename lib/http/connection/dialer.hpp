// SPDX-License-Identifier: MIT
//
// From a URL to a connection that may be used: resolve, check every address, connect to one that
// was checked. Nothing is resolved a second time between the check and the connect. Through a
// proxy, which resolves names itself, the name is checked instead.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "http/connection/dns.hpp"
#include "http/connection/transport.hpp"

namespace vinny {

class dialer {
 public:
  /// `contactable`: a contact is configured, so that public hosts may be asked. `patience`: how
  /// long a proxy may be down before connections fail for it.
  dialer(dns_cache& dns, tls_context& tls, http_config const& limits, bool contactable,
         std::chrono::seconds patience = {})
      : dns_(dns), tls_(tls), limits_(limits), contactable_(contactable), patience_(patience) {}

  /// Errors of resolving, of the guard (blocked_address, blocked_port, contact_missing) and of
  /// connecting. An address from connect_to is the operator's word and is not questioned.
  [[nodiscard]] task<result<std::unique_ptr<connection>>> connect(url target, deadline limit);

  /// The operator named this host and port himself: no contact is needed and any port is right
  /// for it. `guard::off`: its address may be private, too.
  enum class guard { on, off };
  void trust(url const& endpoint, guard addresses = guard::off);

  /// The proxy that requests to this address go through; null: none.
  [[nodiscard]] proxy_setting const* proxy_of(url const& target) const;

 private:
  /// How a target is reached.
  struct way {
    std::string host;
    std::uint16_t port = 0;
    bool named = false;        // by the operator: no contact is needed, and any port is right
    bool any_address = false;  // also a private one
  };
  [[nodiscard]] task<result<std::unique_ptr<connection>>> connect_once(url target, deadline limit);
  /// The proxy is down; true: not for so long yet that it must be told.
  [[nodiscard]] bool may_wait_for_proxy(deadline limit);
  [[nodiscard]] way way_to(url const& target) const;
  [[nodiscard]] failure contact_missing(url const& target) const;
  /// By name and port alone.
  [[nodiscard]] result<> may_be_asked(url const& target, way const& by) const;
  [[nodiscard]] task<result<endpoint_list>> direct(url target, way by, deadline limit);
  [[nodiscard]] task<result<endpoint_list>> to_proxy(url target, way by, url proxy, deadline limit);

  dns_cache& dns_;
  tls_context& tls_;
  http_config const& limits_;
  bool contactable_;
  std::chrono::seconds patience_;
  std::optional<clock::time_point> proxy_down_since_;
  std::map<std::string, guard> trusted_;              // by "host:port"
  std::map<std::string, asio::ip::address> answers_;  // the address of a host that answered last
};

}  // namespace vinny
