// SPDX-License-Identifier: MIT
#include "specimens/source/specimen_failure.hpp"

#include <fmt/format.h>

namespace vinny {

std::string failure_type(failure const& why) {
  switch (why.code) {
    case errc::http_too_many_requests:
    case errc::host_cooling_down:
      return "rate_limited";
    case errc::resolve_timeout:
    case errc::connect_timeout:
    case errc::tls_timeout:
    case errc::first_byte_timeout:
    case errc::stalled:
    case errc::total_timeout:
    case errc::http_request_timeout:
      return "timeout";
    case errc::http_server_error:
      return "server_error";
    case errc::dns_failure:
    case errc::dns_not_found:
    case errc::connect_failed:
    case errc::connection_lost:
    case errc::tls_failed:
      return "connection_broken";
    case errc::short_body:
      return "truncated";
    case errc::bad_url:
    case errc::blocked_scheme:
      return "no_url";
    default:
      break;
  }
  if (why.http_status != 0) return fmt::format("http_{}", why.http_status);
  return std::string{name(why.code)};
}

}  // namespace vinny
