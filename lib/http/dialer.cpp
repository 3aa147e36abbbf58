// SPDX-License-Identifier: MIT
#include "http/dialer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "observe/names.hpp"
#include "policy/address_guard.hpp"

namespace vinny {
namespace {

using endpoint_list = std::vector<asio::ip::tcp::endpoint>;

struct host_port {
  std::string host;
  std::uint16_t port = 0;
};

/// "127.0.0.5:8443", "[::1]:8443", "name:8443"; the configuration has checked the form.
host_port split_address(std::string_view text) {
  auto const colon = text.rfind(':');
  host_port out{.host = std::string{text.substr(0, colon)}};
  if (out.host.starts_with('[') && out.host.ends_with(']')) {
    out.host = out.host.substr(1, out.host.size() - 2);
  }
  auto const digits = text.substr(colon + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  return out;
}

}  // namespace

task<result<endpoint_list>> dialer::endpoints(url const& target, deadline limit) {
  auto const redirected = limits_.connect_to.find(target.host_and_port());
  bool const told = redirected != limits_.connect_to.end();
  auto const trusted = trusted_.find(target.host_and_port());
  bool const named = told || trusted != trusted_.end();
  bool const any_address = told || (named && trusted->second == guard::off);
  if (!named && !contactable_ && !limits_.allow_private_addresses) {
    co_return fail(errc::contact_missing,
                   fmt::format("{}: set 'contact' in the configuration to an e-mail address or a "
                               "URL before public hosts are asked",
                               target));
  }
  auto const where =
      told ? split_address(redirected->second) : host_port{target.host(), target.port()};
  auto const resolved = co_await dns_.resolve(where.host, within(limits_.resolve_timeout, limit));
  if (!resolved) co_return std::unexpected(resolved.error());

  endpoint_list out;
  std::string_view refused;
  bool public_host = false;
  for (auto const& address : *resolved) {
    auto const reason = refused_address(address);
    public_host = public_host || !reason;
    if (reason && !any_address && !limits_.allow_private_addresses) {
      refused = *reason;
    } else {
      out.emplace_back(address, where.port);
    }
  }
  if (out.empty()) {
    instruments::global().address_blocked.add();
    co_return fail(errc::blocked_address,
                   fmt::format("{}: its address is {}, which is refused "
                               "(http.allow_private_addresses = true allows it)",
                               target, refused));
  }
  bool const usual_port = std::ranges::find(limits_.ports, target.port()) != limits_.ports.end();
  if (public_host && !named && !usual_port) {
    co_return fail(errc::blocked_port,
                   fmt::format("{}: port {} is not among http.ports", target, target.port()));
  }
  if (public_host && !named && !contactable_) {
    co_return fail(errc::contact_missing,
                   fmt::format("{}: set 'contact' in the configuration to an e-mail address or a "
                               "URL before public hosts are asked",
                               target));
  }
  co_return out;
}

void dialer::trust(url const& endpoint, guard addresses) {
  auto const [place, added] = trusted_.emplace(endpoint.host_and_port(), addresses);
  if (!added && addresses == guard::off) place->second = guard::off;
}

task<result<std::unique_ptr<connection>>> dialer::connect(url target, deadline limit) {
  auto const addresses = co_await endpoints(target, limit);
  if (!addresses) co_return std::unexpected(addresses.error());
  co_return co_await dial(tls_, target, *addresses, limits_, limit);
}

}  // namespace vinny
