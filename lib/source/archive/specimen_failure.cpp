// SPDX-License-Identifier: MIT
#include "source/archive/specimen_failure.hpp"

#include <fmt/format.h>

namespace vinny {

int status_of(errc code) noexcept {
  switch (code) {
    case errc::http_unauthorized:
      return 401;
    case errc::http_forbidden:
      return 403;
    case errc::http_not_found:
      return 404;
    case errc::http_request_timeout:
      return 408;
    case errc::http_gone:
      return 410;
    case errc::http_too_early:
      return 425;
    case errc::http_too_many_requests:
      return 429;
    case errc::http_legal:
      return 451;
    default:
      return 0;
  }
}

std::string failure_type(errc code) {
  switch (code) {
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
    case errc::bad_encoding:
      return "manifest_error";
    case errc::bad_url:
    case errc::blocked_scheme:
      return "no_url";
    case errc::http_unexpected:
      return "http_unexpected";
    default:
      break;
  }
  if (auto const status = status_of(code); status != 0) return fmt::format("http_{}", status);
  return std::string{name(code)};
}

}  // namespace vinny
