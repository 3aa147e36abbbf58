// SPDX-License-Identifier: MIT
//
// Every way in which a piece of work can fail, as one closed list. What to do about each is
// decided in one table: policy/classify. Names are stable: they appear in logs, metrics,
// the catalog and the API.
#pragma once

#include <string_view>
#include <system_error>

namespace vinny {

enum class errc {
  // Reaching a host.
  dns_failure = 1,     // the resolver did not answer
  dns_not_found,       // the name does not exist
  resolve_timeout,     // phase deadline: name resolution
  connect_failed,      // refused, unreachable, no route
  connect_timeout,     // phase deadline: TCP connect
  tls_failed,          // handshake broke off
  tls_certificate,     // the certificate was not accepted
  tls_timeout,         // phase deadline: TLS handshake
  first_byte_timeout,  // phase deadline: no answer began
  stalled,             // too few bytes in the stall window
  total_timeout,       // the whole exchange took too long
  connection_lost,     // reset or closed in the middle
  short_body,          // fewer bytes than Content-Length promised
  bad_response,        // not HTTP, or HTTP that cannot be framed
  // Not allowed to ask.
  bad_url,             // cannot be parsed, or no host
  blocked_scheme,      // neither http nor https
  blocked_port,        // not 80 or 443 and not configured
  blocked_address,     // private, loopback, link-local, metadata ...
  blocked_host,        // not on the venue's list of image hosts
  too_many_redirects,  // more than the limit, or a loop
  redirect_downgrade,  // https redirected to http
  redirect_broken,     // a redirect to nowhere, or to what is no address
  robots_denied,       // robots.txt forbids the path
  robots_unreachable,  // robots.txt could not be read: everything is forbidden for now
  contact_missing,     // no contact configured for the User-Agent
  host_cooling_down,   // inside a Retry-After window
  host_breaker_open,   // too many failures in a row
  proxy_failed,        // the proxy does not lead there, or does not answer
  proxy_unreachable,   // nobody listens where the proxy should be
  proxy_credentials,   // the proxy wants other credentials (407)
  // Answers by status.
  http_unauthorized,       // 401
  http_forbidden,          // 403
  http_not_found,          // 404
  http_gone,               // 410
  http_legal,              // 451
  http_request_timeout,    // 408
  http_too_early,          // 425
  http_too_many_requests,  // 429
  http_server_error,       // 5xx
  http_unexpected,         // any other status that is not a success
  // Bodies.
  body_too_large,  // over the byte limit
  inflate_bomb,    // decoded size over the limit
  bad_encoding,    // broken gzip, a Content-Encoding that was not asked for
  bad_manifest,    // a document that should name images cannot be read
  // Images.
  not_an_image,            // HTML, text, JSON ... instead of an image
  image_type_unsupported,  // an image, but neither JPEG nor PNG
  image_too_few_bytes,
  image_too_small,      // under the minimum width or height
  image_too_large,      // more pixels than allowed
  image_bomb,           // progressive scans or PNG inflation over the limit
  image_corrupt,        // first time: asked again
  image_corrupt_again,  // the same bytes a second time: for good
  // Pages.
  bad_xml,
  bad_html,
  bad_json,
  bad_event,  // event data is there and cannot be read
  sitemap_too_large,
  sitemap_too_deep,
  no_events,       // a whole site without one event
  source_emptied,  // a collection's source without one picture, where there were some
  bad_archive,     // a list or an archive that cannot be read
  // Our own ground.
  disk_full,
  read_only,
  permission_denied,
  io_error,
  out_of_descriptors,  // the process or the system may open no more files
  out_of_memory,       // the kernel has none for us
  catalog_busy,
  catalog_corrupt,
  catalog_newer,         // written by a newer version
  catalog_locked,        // another process holds it
  network_filesystem,    // WAL cannot work there
  store_credentials,     // the object store refused the credentials
  store_missing,         // no such bucket or directory
  store_rejected,        // the object store will not take this object
  store_digest,          // it received other bytes than were sent
  store_tampered,        // it keeps receiving other bytes than were sent
  clock_skewed,          // our clock and the other side's differ too much for a signature
  publish_rejected,      // the database refused a statement
  publish_credentials,   // the database's service refused the token
  publish_missing,       // no such database or account
  publish_tool,          // wrangler is not there, or failed
  lookup_credentials,    // the lookup service refused the token
  lookup_degraded,       // it gave up before it had looked everywhere
  postgres_unavailable,  // PostgreSQL cannot be reached, or gave up
  postgres_refused,      // PostgreSQL does not let us: the user, a table, a column
  config_invalid,
  run_active,  // a run is already active
  not_found,   // no such run, image, file
  overloaded,  // too much waits already
  cancelled,
  internal,  // a defect
};

/// Stable snake_case name, e.g. "http_not_found". Used in logs, metrics, the catalog, the API.
[[nodiscard]] std::string_view name(errc code) noexcept;
/// One plain clause for people, e.g. "the page does not exist (404)".
[[nodiscard]] std::string_view describe(errc code) noexcept;
/// The code with that name, or errc::internal.
[[nodiscard]] errc errc_from_name(std::string_view name) noexcept;

[[nodiscard]] std::error_category const& vinny_category() noexcept;
[[nodiscard]] inline std::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), vinny_category()};
}

}  // namespace vinny

template <>
struct std::is_error_code_enum<vinny::errc> : std::true_type {};
