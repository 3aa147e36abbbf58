// SPDX-License-Identifier: MIT
//
// The host of a URL as everybody writes it, made what the name system, a certificate and a lane
// know it by. Pure.
//
// Source: RFC 3986, section 3.2.2; the URL Standard, "host parsing"; UTS 46.
#pragma once

#include <string>
#include <string_view>

#include "core/failure.hpp"

namespace vinny {

/// Lower case; a name of another script in its xn-- form; an IPv4 address in any of the forms that
/// the system's resolver takes as four numbers; an IPv6 address without its brackets. A dot at the
/// end goes. Escapes are decoded first. Fails with bad_url; the message tells the reason alone.
[[nodiscard]] result<std::string> parse_host(std::string_view written);

/// The same of a bare name, or the name as it is (in lower case) where it is none.
[[nodiscard]] std::string host_or_same(std::string_view written);

/// Without a leading "www.": both names are one domain to be polite to.
[[nodiscard]] std::string bare_host(std::string_view host);

/// What a host that stands in a text is known by where one is polite to it: all of the above.
[[nodiscard]] inline std::string lane_name(std::string_view written) {
  return bare_host(host_or_same(written));
}

}  // namespace vinny
