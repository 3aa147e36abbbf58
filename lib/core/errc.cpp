// SPDX-License-Identifier: MIT
#include "core/errc.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace vinny {
namespace {

struct row {
  errc code;
  std::string_view name;
  std::string_view text;
};

constexpr std::array table{
    row{errc::dns_failure, "dns_failure", "the name could not be resolved"},
    row{errc::dns_not_found, "dns_not_found", "the host name does not exist"},
    row{errc::resolve_timeout, "resolve_timeout", "resolving the name took too long"},
    row{errc::connect_failed, "connect_failed",
        "the host refused the connection or is unreachable"},
    row{errc::connect_timeout, "connect_timeout", "connecting took too long"},
    row{errc::tls_failed, "tls_failed", "the TLS handshake failed"},
    row{errc::tls_certificate, "tls_certificate", "the TLS certificate was not accepted"},
    row{errc::tls_timeout, "tls_timeout", "the TLS handshake took too long"},
    row{errc::first_byte_timeout, "first_byte_timeout", "no answer came in time"},
    row{errc::stalled, "stalled", "the answer stalled"},
    row{errc::total_timeout, "total_timeout", "the whole exchange took too long"},
    row{errc::connection_lost, "connection_lost", "the connection was lost"},
    row{errc::short_body, "short_body", "the body ended before its promised length"},
    row{errc::bad_response, "bad_response", "the answer is not valid HTTP"},
    row{errc::bad_url, "bad_url", "the URL cannot be used"},
    row{errc::blocked_scheme, "blocked_scheme", "only http and https are fetched"},
    row{errc::blocked_port, "blocked_port", "this port is not allowed"},
    row{errc::blocked_address, "blocked_address", "the host's address is private or reserved"},
    row{errc::blocked_host, "blocked_host", "the host is not on the venue's list of image hosts"},
    row{errc::too_many_redirects, "too_many_redirects", "too many redirects"},
    row{errc::redirect_downgrade, "redirect_downgrade", "an https page redirected to http"},
    row{errc::redirect_broken, "redirect_broken", "a redirect leads to no address"},
    row{errc::robots_denied, "robots_denied", "robots.txt forbids it"},
    row{errc::robots_unreachable, "robots_unreachable",
        "robots.txt could not be read, so nothing may be fetched for now"},
    row{errc::contact_missing, "contact_missing", "no contact is configured"},
    row{errc::host_cooling_down, "host_cooling_down",
        "the host asked to be left alone for a while"},
    row{errc::host_breaker_open, "host_breaker_open", "the host failed too often in a row"},
    row{errc::proxy_failed, "proxy_failed", "the proxy does not lead there"},
    row{errc::proxy_unreachable, "proxy_unreachable", "the proxy cannot be reached"},
    row{errc::proxy_credentials, "proxy_credentials", "the proxy wants other credentials (407)"},
    row{errc::http_unauthorized, "http_unauthorized", "the server wants credentials (401)"},
    row{errc::http_forbidden, "http_forbidden", "the server refuses (403)"},
    row{errc::http_not_found, "http_not_found", "it does not exist (404)"},
    row{errc::http_gone, "http_gone", "it is gone (410)"},
    row{errc::http_legal, "http_legal", "it is withheld for legal reasons (451)"},
    row{errc::http_request_timeout, "http_request_timeout", "the server timed out (408)"},
    row{errc::http_too_early, "http_too_early", "the server says too early (425)"},
    row{errc::http_too_many_requests, "http_too_many_requests",
        "the server asks to slow down (429)"},
    row{errc::http_server_error, "http_server_error", "the server failed (5xx)"},
    row{errc::http_unexpected, "http_unexpected", "the server answered with an unexpected status"},
    row{errc::body_too_large, "body_too_large", "the body is larger than allowed"},
    row{errc::inflate_bomb, "inflate_bomb", "the body grows beyond the limit when decoded"},
    row{errc::bad_encoding, "bad_encoding", "the body's encoding is broken or unknown"},
    row{errc::bad_manifest, "manifest_error", "the document that names the images cannot be read"},
    row{errc::not_an_image, "not_an_image", "this is not an image"},
    row{errc::image_type_unsupported, "image_type_unsupported",
        "the image is neither JPEG nor PNG"},
    row{errc::image_too_few_bytes, "image_too_few_bytes",
        "the file is too small to be a real image"},
    row{errc::image_too_small, "image_too_small", "the image has too few pixels"},
    row{errc::image_too_large, "image_too_large", "the image has more pixels than allowed"},
    row{errc::image_bomb, "image_bomb", "the image is built to exhaust memory or time"},
    row{errc::image_corrupt, "image_corrupt", "the image is damaged"},
    row{errc::image_corrupt_again, "image_corrupt_again",
        "the image is damaged and came twice with the same bytes"},
    row{errc::bad_xml, "bad_xml", "the XML cannot be read"},
    row{errc::bad_html, "bad_html", "the page cannot be read"},
    row{errc::bad_json, "bad_json", "the JSON cannot be read"},
    row{errc::bad_event, "bad_event", "the event data cannot be read"},
    row{errc::sitemap_too_large, "sitemap_too_large",
        "the sitemap is larger than the protocol allows"},
    row{errc::sitemap_too_deep, "sitemap_too_deep", "the sitemaps are nested too deeply"},
    row{errc::no_events, "no_events", "the whole site gave no event"},
    row{errc::source_emptied, "source_emptied", "the collection's source has no picture any more"},
    row{errc::bad_archive, "bad_archive", "the list or archive cannot be read"},
    row{errc::disk_full, "disk_full", "the disk is full"},
    row{errc::read_only, "read_only", "the file system is read-only"},
    row{errc::permission_denied, "permission_denied", "permission denied"},
    row{errc::io_error, "io_error", "reading or writing failed"},
    row{errc::out_of_descriptors, "out_of_descriptors",
        "this program may open no more files: raise LimitNOFILE= of the service or `ulimit -n`, or "
        "lower http.concurrency"},
    row{errc::out_of_memory, "out_of_memory", "the kernel has no memory left for this program"},
    row{errc::catalog_busy, "catalog_busy", "the catalog is busy"},
    row{errc::catalog_corrupt, "catalog_corrupt", "the catalog is damaged"},
    row{errc::catalog_newer, "catalog_newer", "the catalog was written by a newer version"},
    row{errc::catalog_locked, "catalog_locked", "another process is using the catalog"},
    row{errc::network_filesystem, "network_filesystem",
        "the catalog cannot live on a network file system"},
    row{errc::store_credentials, "store_credentials", "the object store refused the credentials"},
    row{errc::store_missing, "store_missing",
        "the object store's bucket or directory does not exist"},
    row{errc::store_rejected, "store_rejected", "the object store refused the object"},
    row{errc::store_digest, "store_digest", "the object store received other bytes than were sent"},
    row{errc::store_tampered, "store_tampered",
        "the object store keeps receiving other bytes than were sent"},
    row{errc::clock_skewed, "clock_skewed", "this machine's clock is too far off for a signature"},
    row{errc::publish_rejected, "publish_rejected", "the database refused a statement"},
    row{errc::publish_credentials, "publish_credentials", "D1 refused the token"},
    row{errc::publish_missing, "publish_missing", "the D1 database does not exist"},
    row{errc::publish_tool, "publish_tool", "wrangler is not there or failed"},
    row{errc::lookup_credentials, "lookup_credentials", "the lookup service refused the token"},
    row{errc::lookup_degraded, "lookup_degraded", "the lookup service gave up early"},
    row{errc::postgres_unavailable, "postgres_unavailable", "PostgreSQL does not answer"},
    row{errc::postgres_refused, "postgres_refused", "PostgreSQL refused"},
    row{errc::config_invalid, "config_invalid", "the configuration is not valid"},
    row{errc::run_active, "run_active", "a run is already active"},
    row{errc::not_found, "not_found", "there is no such thing"},
    row{errc::overloaded, "overloaded", "too much waits already"},
    row{errc::cancelled, "cancelled", "it was cancelled"},
    row{errc::internal, "internal", "an internal error"},
};

constexpr row const& find(errc code) noexcept {
  auto const index = static_cast<std::size_t>(code) - 1;
  return table[index < table.size() ? index : table.size() - 1];
}

// The table is indexed by the code, so its order is the enumeration's.
static_assert([] {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].code) != i + 1) return false;
  }
  return table.back().code == errc::internal;
}());

class category final : public std::error_category {
 public:
  [[nodiscard]] char const* name() const noexcept override { return "vinny"; }
  [[nodiscard]] std::string message(int value) const override {
    return std::string{describe(static_cast<errc>(value))};
  }
};

}  // namespace

std::string_view name(errc code) noexcept {
  return find(code).name;
}
std::string_view describe(errc code) noexcept {
  return find(code).text;
}

errc errc_from_name(std::string_view text) noexcept {
  auto const it = std::ranges::find(table, text, &row::name);
  return it == table.end() ? errc::internal : it->code;
}

std::error_category const& vinny_category() noexcept {
  static category const instance;
  return instance;
}

}  // namespace vinny
