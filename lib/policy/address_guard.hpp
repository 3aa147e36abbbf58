// SPDX-License-Identifier: MIT
//
// Which addresses nobody outside may make us connect to. Asked for every address after it was
// resolved and before it is connected to, on every hop. The rules are the special-purpose
// registries of IANA (RFC 6890, RFC 8190) plus the metadata services of cloud providers.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string_view>

namespace vinny {

/// Nothing when the address is public, else why it is refused: "loopback", "private",
/// "link-local", "metadata" ... An IPv6 address that carries an IPv4 one (mapped, compatible,
/// 6to4, NAT64, Teredo, ISATAP) is refused for what the IPv4 address is. With a public IPv4
/// address inside, only mapped, well-known NAT64 and ISATAP ones pass. IPv6 outside 2000::/3 is
/// refused as a whole.
[[nodiscard]] std::optional<std::string_view> refused_address(
    boost::asio::ip::address const& address);

}  // namespace vinny
