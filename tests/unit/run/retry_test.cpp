// SPDX-License-Identifier: MIT
#include "run/retry.hpp"

#include <catch2/catch.hpp>

#include "events/tables/image_retry.hpp"
#include "specimens/tables/specimen_retry.hpp"

using namespace vinny;

TEST_CASE("a reason may be said as it is kept, as the log has it, or by its status") {
  struct row {
    char const* said;
    char const* of_specimens;
    char const* of_images;
  };
  auto const [said, of_specimens, of_images] = GENERATE(values<row>({
      {"http_403", "http_403", "http_forbidden"},
      {"403", "http_403", "http_forbidden"},
      {"http_forbidden", "http_403", "http_forbidden"},
      {"http_not_found", "http_404", "http_not_found"},
      {"http_503", "server_error", "http_server_error"},
      {"http_302", "http_302", "http_unexpected"},
      {"tls_certificate", "tls_certificate", "tls_certificate"},
      {"short_body", "truncated", "short_body"},
      {"connect_timeout", "timeout", "connect_timeout"},
  }));
  INFO(said);
  CHECK(kept_reason(specimen_retry(), said) == of_specimens);
  CHECK(kept_reason(image_retry(), said) == of_images);
}

TEST_CASE("reports' own words are specimens'") {
  CHECK(kept_reason(specimen_retry(), "truncated") == "truncated");
  CHECK_FALSE(kept_reason(image_retry(), "truncated"));
}

TEST_CASE("what is no reason is refused by name") {
  for (char const* const said : {"", "nonsense", "http_", "http_4", "4031", "HTTP_403"}) {
    INFO(said);
    CHECK_FALSE(kept_reason(specimen_retry(), said));
    auto const images = kept_reason(image_retry(), said);
    REQUIRE_FALSE(images);
    CHECK(images.error().message.contains("vinny images retry --dry-run"));
  }
}
