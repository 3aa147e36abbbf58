// SPDX-License-Identifier: MIT
#include "policy/classify.hpp"

#include <array>
#include <cerrno>
#include <cstddef>

#include "policy/refusal.hpp"

namespace vinny {
namespace {

enum class blame { host, other };

/// The host's day: what was refused today may be given another day.
constexpr bool passes = true;
constexpr bool stays = false;

struct row {
  errc code;
  verdict what;
  blame whose = blame::other;
  bool passing = stays;                   // of what is for good, or out of attempts
  refusing hangs_on = refusing::nothing;  // the same
};

constexpr std::array table{
    row{errc::dns_failure, verdict::retry, blame::host, passes},
    row{errc::dns_not_found, verdict::retry, blame::host, passes},
    row{errc::resolve_timeout, verdict::retry, blame::host, passes},
    row{errc::connect_failed, verdict::retry, blame::host, passes},
    row{errc::connect_timeout, verdict::retry, blame::host, passes},
    row{errc::tls_failed, verdict::retry, blame::host, passes},
    row{errc::tls_certificate, verdict::reject, blame::host, passes, refusing::roots},
    row{errc::tls_timeout, verdict::retry, blame::host, passes},
    row{errc::first_byte_timeout, verdict::retry, blame::host, passes},
    row{errc::stalled, verdict::retry, blame::host, passes},
    row{errc::total_timeout, verdict::retry, blame::host, passes},
    row{errc::connection_lost, verdict::retry, blame::host, passes},
    row{errc::short_body, verdict::retry, blame::host, passes},
    row{errc::bad_response, verdict::retry, blame::host, passes},

    row{errc::bad_url, verdict::reject, blame::other, stays, refusing::address_rules},
    row{errc::blocked_scheme, verdict::reject},
    row{errc::blocked_port, verdict::reject, blame::other, stays, refusing::ports},
    row{errc::blocked_address, verdict::reject, blame::other, passes, refusing::private_addresses},
    row{errc::blocked_host, verdict::reject, blame::other, stays, refusing::image_hosts},
    row{errc::too_many_redirects, verdict::reject, blame::other, passes, refusing::redirects},
    row{errc::redirect_downgrade, verdict::reject, blame::other, passes, refusing::downgrade},
    row{errc::redirect_broken, verdict::reject, blame::other, passes},
    row{errc::robots_denied, verdict::reject, blame::other, passes, refusing::robots},
    // The request for robots.txt itself was already counted against the host.
    row{errc::robots_unreachable, verdict::retry, blame::other, passes},
    row{errc::contact_missing, verdict::halt},
    row{errc::host_cooling_down, verdict::retry},
    row{errc::host_breaker_open, verdict::retry},
    // What a proxy says of a host (502, 503) is what we would have found ourselves.
    row{errc::proxy_failed, verdict::retry, blame::host, passes},
    row{errc::proxy_unreachable, verdict::halt},
    row{errc::proxy_credentials, verdict::halt},

    row{errc::http_unauthorized, verdict::reject, blame::other, passes},
    // A host that bans says so to everything: it is left alone after a few.
    row{errc::http_forbidden, verdict::reject, blame::host, passes},
    row{errc::http_not_found, verdict::reject, blame::other, passes},
    row{errc::http_gone, verdict::reject, blame::other, passes},
    row{errc::http_legal, verdict::reject, blame::other, passes},
    row{errc::http_request_timeout, verdict::retry, blame::host, passes},
    row{errc::http_too_early, verdict::retry, blame::other, passes},
    row{errc::http_too_many_requests, verdict::retry, blame::host, passes},
    row{errc::http_server_error, verdict::retry, blame::host, passes},
    row{errc::http_unexpected, verdict::reject, blame::other, passes},

    row{errc::body_too_large, verdict::reject, blame::other, stays, refusing::most_bytes},
    row{errc::inflate_bomb, verdict::reject},
    row{errc::bad_encoding, verdict::retry, blame::other, passes},
    row{errc::bad_manifest, verdict::retry, blame::other, passes},

    row{errc::not_an_image, verdict::reject},
    row{errc::image_type_unsupported, verdict::reject},
    row{errc::image_too_few_bytes, verdict::reject, blame::other, stays, refusing::least},
    row{errc::image_too_small, verdict::reject, blame::other, stays, refusing::least},
    row{errc::image_too_large, verdict::reject, blame::other, stays, refusing::most_pixels},
    row{errc::image_bomb, verdict::reject},
    row{errc::image_corrupt, verdict::retry, blame::other, passes},
    row{errc::image_corrupt_again, verdict::reject},

    row{errc::bad_xml, verdict::reject},
    row{errc::bad_html, verdict::reject},
    row{errc::bad_json, verdict::reject},
    row{errc::bad_event, verdict::reject},
    row{errc::sitemap_too_large, verdict::reject},
    row{errc::sitemap_too_deep, verdict::reject},
    row{errc::no_events, verdict::reject},
    row{errc::source_emptied, verdict::reject},
    row{errc::bad_archive, verdict::halt},

    row{errc::disk_full, verdict::halt},
    row{errc::read_only, verdict::halt},
    row{errc::permission_denied, verdict::halt},
    row{errc::io_error, verdict::halt},
    row{errc::out_of_descriptors, verdict::halt},
    row{errc::out_of_memory, verdict::halt},
    row{errc::catalog_busy, verdict::retry},
    row{errc::catalog_corrupt, verdict::halt},
    row{errc::catalog_newer, verdict::halt},
    row{errc::catalog_locked, verdict::halt},
    row{errc::network_filesystem, verdict::halt},
    row{errc::store_credentials, verdict::halt},
    row{errc::store_missing, verdict::halt},
    row{errc::store_rejected, verdict::reject},
    row{errc::store_digest, verdict::retry},
    row{errc::store_tampered, verdict::halt},
    row{errc::clock_skewed, verdict::halt},
    row{errc::publish_rejected, verdict::halt},
    row{errc::publish_credentials, verdict::halt},
    row{errc::publish_missing, verdict::halt},
    row{errc::publish_tool, verdict::halt},
    row{errc::lookup_credentials, verdict::halt},
    row{errc::lookup_degraded, verdict::retry},
    row{errc::postgres_unavailable, verdict::retry},
    row{errc::postgres_refused, verdict::halt},
    row{errc::config_invalid, verdict::halt},
    row{errc::run_active, verdict::reject},
    row{errc::not_found, verdict::reject},
    row{errc::overloaded, verdict::retry},
    row{errc::cancelled, verdict::stop},
    row{errc::internal, verdict::halt},
};

// The table is indexed by the code, so its order is the enumeration's and nothing is missing.
static_assert([] {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].code) != i + 1) return false;
  }
  return table.back().code == errc::internal;
}());

constexpr row const& find(errc code) noexcept {
  auto const index = static_cast<std::size_t>(code) - 1;
  return index < table.size() ? table[index] : table.back();
}

}  // namespace

verdict classify(errc code) noexcept {
  return find(code).what;
}

bool counts_against_host(errc code) noexcept {
  return find(code).whose == blame::host;
}

ground ground_of(failure const& why) noexcept {
  auto const& known = find(why.code);
  return {.passes = known.passing || why.in_place, .by = known.hangs_on};
}

errc from_status(int http_status) noexcept {
  switch (http_status) {
    case 401:
      return errc::http_unauthorized;
    case 403:
      return errc::http_forbidden;
    case 404:
      return errc::http_not_found;
    case 408:
      return errc::http_request_timeout;
    case 410:
      return errc::http_gone;
    case 425:
      return errc::http_too_early;
    case 429:
      return errc::http_too_many_requests;
    case 451:
      return errc::http_legal;
    default:
      break;
  }
  return http_status >= 500 && http_status <= 599 ? errc::http_server_error : errc::http_unexpected;
}

errc from_errno(int error) noexcept {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return errc::disk_full;
    case EROFS:
      return errc::read_only;
    case EACCES:
    case EPERM:
      return errc::permission_denied;
    default:
      return shortage_of(error).value_or(errc::io_error);
  }
}

std::optional<errc> shortage_of(int error) noexcept {
  if (error == EMFILE || error == ENFILE) return errc::out_of_descriptors;
  if (error == ENOMEM || error == ENOBUFS) return errc::out_of_memory;
  return std::nullopt;
}

}  // namespace vinny
