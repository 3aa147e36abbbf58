// SPDX-License-Identifier: MIT
#include "http/connection/dialer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/digest.hpp"
#include "observe/names.hpp"
#include "policy/address_guard.hpp"
#include "policy/classify.hpp"
#include "policy/proxy.hpp"

namespace vinny {
namespace {

constexpr std::size_t most_answers = 10'000;
constexpr std::chrono::milliseconds between_looks_for_proxy{500};

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

endpoint_list at_port(address_list const& addresses, std::uint16_t port) {
  endpoint_list out;
  for (auto const& address : addresses) out.emplace_back(address, port);
  return out;
}

failure blocked(url const& target, std::string_view what) {
  instruments::global().address_blocked.add();
  return {errc::blocked_address, fmt::format("{}: its address is {}, which is refused "
                                             "(http.allow_private_addresses = true allows it)",
                                             target, what)};
}

}  // namespace

dialer::way dialer::way_to(url const& target) const {
  auto const redirected = limits_.connect_to.find(target.host_and_port());
  bool const told = redirected != limits_.connect_to.end();
  auto const trusted = trusted_.find(target.host_and_port());
  bool const known = trusted != trusted_.end();
  auto where = told ? split_address(redirected->second) : host_port{target.host(), target.port()};
  return {.host = std::move(where.host),
          .port = where.port,
          .named = told || known,
          .any_address =
              told || limits_.allow_private_addresses || (known && trusted->second == guard::off)};
}

failure dialer::contact_missing(url const& target) const {
  return {errc::contact_missing,
          fmt::format("{}: set 'contact' in the configuration to an e-mail address or a URL before "
                      "public hosts are asked",
                      target)};
}

result<> dialer::may_be_asked(url const& target, way const& by) const {
  if (by.named) return {};
  if (!contactable_) return std::unexpected(contact_missing(target));
  if (std::ranges::find(limits_.ports, target.port()) != limits_.ports.end()) return {};
  return fail(errc::blocked_port,
              fmt::format("{}: port {} is not among http.ports", target, target.port()));
}

task<result<endpoint_list>> dialer::direct(url target, way by, deadline limit) {
  if (!by.named && !contactable_ && !limits_.allow_private_addresses) {
    co_return std::unexpected(contact_missing(target));
  }
  auto const resolved = co_await dns_.resolve(by.host, within(limits_.resolve_timeout, limit));
  if (!resolved) co_return std::unexpected(resolved.error());
  address_list allowed;
  std::string_view refused;
  bool public_host = false;
  for (auto const& address : *resolved) {
    auto const reason = refused_address(address);
    public_host = public_host || !reason;
    if (reason && !by.any_address) {
      refused = *reason;
    } else {
      allowed.push_back(address);
    }
  }
  if (allowed.empty()) co_return std::unexpected(blocked(target, refused));
  if (public_host) {
    if (auto const may = may_be_asked(target, by); !may) co_return std::unexpected(may.error());
  }
  co_return at_port(allowed, by.port);
}

task<result<endpoint_list>> dialer::to_proxy(url target, way by, url proxy, deadline limit) {
  boost::system::error_code is_name;
  auto const literal = asio::ip::make_address(target.host(), is_name);
  auto const reason = is_name ? std::nullopt : refused_address(literal);
  if (!by.any_address && reason) co_return std::unexpected(blocked(target, *reason));
  if (!by.any_address && is_private_name(target.host(), limits_.private_names)) {
    co_return std::unexpected(blocked(target, "of a network's own (http.private_names)"));
  }
  if (auto const may = may_be_asked(target, by); !may && !(by.any_address && contactable_)) {
    co_return std::unexpected(may.error());
  }
  auto const resolved = co_await dns_.resolve(proxy.host(), within(limits_.resolve_timeout, limit));
  if (resolved) co_return at_port(*resolved, proxy.port());
  auto const shortage = is_own_shortage(resolved.error().code);
  co_return fail(shortage ? resolved.error().code : errc::proxy_unreachable,
                 fmt::format("{}: the proxy: {}", target, resolved.error().message));
}

proxy_setting const* dialer::proxy_of(url const& target) const {
  auto const& proxy = target.is_https() ? limits_.proxy_for_https : limits_.proxy_for_http;
  bool const told = limits_.connect_to.contains(target.host_and_port());
  if (proxy.address.empty() || told || goes_direct(target.host(), limits_.no_proxy)) return nullptr;
  return &proxy;
}

void dialer::trust(url const& endpoint, guard addresses) {
  auto const [place, added] = trusted_.emplace(endpoint.host_and_port(), addresses);
  if (!added && addresses == guard::off) place->second = guard::off;
}

bool dialer::may_wait_for_proxy(deadline limit) {
  auto const at = clock::now();
  if (!proxy_down_since_) proxy_down_since_ = at;
  return at + between_looks_for_proxy < std::min(*proxy_down_since_ + patience_, limit);
}

task<result<std::unique_ptr<connection>>> dialer::connect(url target, deadline limit) {
  for (;;) {
    auto made = co_await connect_once(target, limit);
    if (made && proxy_of(target) != nullptr) proxy_down_since_.reset();
    if (made || made.error().code != errc::proxy_unreachable || !may_wait_for_proxy(limit)) {
      co_return made;
    }
    co_await sleep_for(between_looks_for_proxy);
  }
}

task<result<std::unique_ptr<connection>>> dialer::connect_once(url target, deadline limit) {
  auto const by = way_to(target);
  std::optional<proxy_hop> through;
  if (auto const* const proxy = proxy_of(target)) {
    auto address = url::parse(proxy->address);
    if (!address) co_return fail(errc::config_invalid, address.error().message);
    through = {.address = std::move(*address),
               .authorization = proxy->credentials.empty()
                                    ? std::string{}
                                    : "Basic " + base64(proxy->credentials.reveal())};
  }
  auto addresses = through ? co_await to_proxy(target, by, through->address, limit)
                           : co_await direct(target, by, limit);
  if (!addresses) co_return std::unexpected(addresses.error());
  auto const& known_as = through ? through->address.host() : by.host;
  auto const good = answers_.find(known_as);
  auto const order = attempt_order(
      std::move(*addresses), good == answers_.end() ? std::nullopt : std::optional{good->second});
  asio::ip::address remote;
  auto made =
      co_await dial(tls_, target, order, limits_, through ? &*through : nullptr, remote, limit);
  if (made && order.size() > 1) {
    if (answers_.size() >= most_answers) answers_.clear();
    answers_[known_as] = remote;
  }
  co_return made;
}

}  // namespace vinny
