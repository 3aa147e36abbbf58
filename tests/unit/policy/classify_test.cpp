// SPDX-License-Identifier: MIT
#include "policy/classify.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <map>
#include <ostream>
#include <set>
#include <utility>
#include <vector>

using namespace vinny;

namespace {

constexpr int last_code = static_cast<int>(errc::internal);

std::map<verdict, std::vector<errc>> const expected{
    {verdict::retry, {errc::dns_failure,       errc::dns_not_found,
                      errc::resolve_timeout,   errc::connect_failed,
                      errc::connect_timeout,   errc::tls_failed,
                      errc::tls_timeout,       errc::first_byte_timeout,
                      errc::stalled,           errc::total_timeout,
                      errc::connection_lost,   errc::short_body,
                      errc::bad_response,      errc::robots_unreachable,
                      errc::host_cooling_down, errc::host_breaker_open,
                      errc::proxy_failed,      errc::http_request_timeout,
                      errc::http_too_early,    errc::http_too_many_requests,
                      errc::http_server_error, errc::bad_encoding,
                      errc::bad_manifest,      errc::image_corrupt,
                      errc::catalog_busy,      errc::overloaded,
                      errc::lookup_degraded,   errc::postgres_unavailable,
                      errc::store_digest}},
    {verdict::reject,
     {errc::tls_certificate,
      errc::bad_url,
      errc::blocked_scheme,
      errc::blocked_port,
      errc::blocked_address,
      errc::blocked_host,
      errc::too_many_redirects,
      errc::redirect_downgrade,
      errc::redirect_broken,
      errc::robots_denied,
      errc::http_unauthorized,
      errc::http_forbidden,
      errc::http_not_found,
      errc::http_gone,
      errc::http_legal,
      errc::http_unexpected,
      errc::body_too_large,
      errc::inflate_bomb,
      errc::not_an_image,
      errc::image_type_unsupported,
      errc::image_too_few_bytes,
      errc::image_too_small,
      errc::image_too_large,
      errc::image_bomb,
      errc::image_corrupt_again,
      errc::bad_xml,
      errc::bad_html,
      errc::bad_json,
      errc::bad_event,
      errc::sitemap_too_large,
      errc::sitemap_too_deep,
      errc::no_events,
      errc::source_emptied,
      errc::store_rejected,
      errc::run_active,
      errc::not_found}},
    {verdict::halt,
     {errc::contact_missing,
      errc::proxy_credentials,
      errc::proxy_unreachable,
      errc::out_of_descriptors,
      errc::out_of_memory,
      errc::disk_full,
      errc::read_only,
      errc::permission_denied,
      errc::io_error,
      errc::catalog_corrupt,
      errc::catalog_newer,
      errc::catalog_locked,
      errc::network_filesystem,
      errc::store_credentials,
      errc::store_missing,
      errc::store_tampered,
      errc::clock_skewed,
      errc::publish_rejected,
      errc::publish_credentials,
      errc::lookup_credentials,
      errc::postgres_refused,
      errc::publish_missing,
      errc::publish_tool,
      errc::config_invalid,
      errc::bad_archive,
      errc::internal}},
    {verdict::stop, {errc::cancelled}},
};

std::set<errc> const blamed_on_the_host{
    errc::dns_failure,          errc::dns_not_found,
    errc::resolve_timeout,      errc::connect_failed,
    errc::connect_timeout,      errc::tls_failed,
    errc::tls_certificate,      errc::tls_timeout,
    errc::first_byte_timeout,   errc::stalled,
    errc::total_timeout,        errc::connection_lost,
    errc::short_body,           errc::bad_response,
    errc::http_request_timeout, errc::http_too_many_requests,
    errc::proxy_failed,         errc::http_server_error,
    errc::http_forbidden,
};

}  // namespace

TEST_CASE("every failure has the verdict that the documents give it") {
  std::set<errc> seen;
  for (auto const& [what, codes] : expected) {
    for (auto const code : codes) {
      INFO(name(code));
      CHECK(classify(code) == what);
      CHECK(seen.insert(code).second);
    }
  }
  CHECK(seen.size() == static_cast<std::size_t>(last_code));
}

TEST_CASE("only the host's own failures count against it") {
  for (int i = 1; i <= last_code; ++i) {
    auto const code = static_cast<errc>(i);
    INFO(name(code));
    CHECK(counts_against_host(code) == blamed_on_the_host.contains(code));
  }
}

TEST_CASE("a value outside the enumeration is treated as a defect") {
  for (int const value : {0, -1, last_code + 1, 100'000}) {
    CAPTURE(value);
    CHECK(classify(static_cast<errc>(value)) == verdict::halt);
    CHECK_FALSE(counts_against_host(static_cast<errc>(value)));
  }
}

TEST_CASE("a status that is no success has a code") {
  std::vector<std::pair<int, errc>> const rows{
      {401, errc::http_unauthorized},
      {403, errc::http_forbidden},
      {404, errc::http_not_found},
      {408, errc::http_request_timeout},
      {410, errc::http_gone},
      {425, errc::http_too_early},
      {429, errc::http_too_many_requests},
      {451, errc::http_legal},
      {500, errc::http_server_error},
      {501, errc::http_server_error},
      {503, errc::http_server_error},
      {520, errc::http_server_error},
      {599, errc::http_server_error},
      {600, errc::http_unexpected},
      {499, errc::http_unexpected},
      {400, errc::http_unexpected},
      {405, errc::http_unexpected},
      {418, errc::http_unexpected},
      {304, errc::http_unexpected},
      {204, errc::http_unexpected},
      {100, errc::http_unexpected},
      {0, errc::http_unexpected},
      {-503, errc::http_unexpected},
  };
  for (auto const& [status, code] : rows) {
    CAPTURE(status);
    CHECK(name(from_status(status)) == name(code));
  }
}

TEST_CASE("an errno of a file operation has a code that says what to mend") {
  std::vector<std::pair<int, errc>> const rows{
      {ENOSPC, errc::disk_full},          {EDQUOT, errc::disk_full},
      {EROFS, errc::read_only},           {EACCES, errc::permission_denied},
      {EPERM, errc::permission_denied},   {EIO, errc::io_error},
      {ENOENT, errc::io_error},           {0, errc::io_error},
      {EMFILE, errc::out_of_descriptors}, {ENFILE, errc::out_of_descriptors},
      {ENOMEM, errc::out_of_memory},      {ENOBUFS, errc::out_of_memory},
  };
  for (auto const& [error, code] : rows) {
    CAPTURE(error);
    CHECK(name(from_errno(error)) == name(code));
    CHECK(classify(from_errno(error)) == verdict::halt);
  }
}
