// SPDX-License-Identifier: MIT
#include "run/patient.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>

using namespace vinny;
using namespace std::chrono_literals;

namespace {

result<response> answer(int status, std::string body = {}, header_list headers = {}) {
  return response{.status = status,
                  .headers = std::move(headers),
                  .body = std::move(body),
                  .final_url = *url::parse("https://bob:pw@example.org/a?token=s3cret")};
}

}  // namespace

TEST_CASE("2xx and 304 pass, every other status is its failure") {
  for (int const status : {200, 201, 204, 206, 299, 304}) {
    auto const out = checked_status(answer(status, "body"));
    REQUIRE(out);
    CHECK(out->status == status);
    CHECK(out->body == "body");
  }
  struct row {
    int status;
    errc code;
  };
  auto const [status, code] = GENERATE(values<row>({
      {0, errc::http_unexpected},
      {100, errc::http_unexpected},
      {300, errc::http_unexpected},
      {302, errc::http_unexpected},
      {400, errc::http_unexpected},
      {401, errc::http_unauthorized},
      {403, errc::http_forbidden},
      {404, errc::http_not_found},
      {408, errc::http_request_timeout},
      {410, errc::http_gone},
      {425, errc::http_too_early},
      {429, errc::http_too_many_requests},
      {451, errc::http_legal},
      {500, errc::http_server_error},
      {503, errc::http_server_error},
      {599, errc::http_server_error},
  }));
  auto const out = checked_status(answer(status));
  CAPTURE(status);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == code);
  CHECK(out.error().message.starts_with("https://example.org/a?…: "));
  CHECK(out.error().message.find("s3cret") == std::string::npos);
  CHECK(out.error().message.find("pw") == std::string::npos);
  CHECK_FALSE(out.error().retry_at);
}

TEST_CASE("a failure that is no answer stays what it is") {
  auto const out = checked_status(fail(errc::connect_timeout, "too slow"));
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::connect_timeout);
  CHECK(out.error().message == "too slow");
}

TEST_CASE("the other side's own word about when to come back is kept") {
  auto const before = now();
  auto const out = checked_status(answer(503, {}, {{"retry-after", "120"}}));
  REQUIRE(out.error().retry_at);
  CHECK(*out.error().retry_at >= before + 120s);
  CHECK(*out.error().retry_at <= now() + 120s);
  CHECK_FALSE(checked_status(answer(503, {}, {{"Retry-After", "soon"}})).error().retry_at);
}

TEST_CASE("the first bytes of an unwanted answer are kept as clean text") {
  auto const out = checked_status(answer(403, std::string(511, 'x') + "ë and more \xFF"));
  CHECK(out.error().evidence == std::string(511, 'x'));
  CHECK(checked_status(answer(403, "a\xFFz")).error().evidence == "a\xEF\xBF\xBDz");
}

TEST_CASE("validators become conditional headers, missing ones do not") {
  request what;
  ask_if_changed(what, "", "");
  CHECK(what.headers.empty());
  ask_if_changed(what, "W/\"x\"", "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(find_header(what.headers, "If-None-Match") == "W/\"x\"");
  CHECK(find_header(what.headers, "If-Modified-Since") == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("what a run gives up is recorded without a query") {
  failure why{errc::http_forbidden, "the server refuses (403)"};
  why.evidence = std::string(511, 'x') + "ë";
  auto const out =
      to_run_error("images", "key", "https://bob:pw@example.org/a.jpg?token=s3cret#x", why, 4);
  CHECK(out.step == "images");
  CHECK(out.key == "key");
  CHECK(out.url == "https://example.org/a.jpg?…");
  CHECK(out.reason == "http_forbidden");
  CHECK(out.message == "the server refuses (403)");
  CHECK(out.evidence == std::string(511, 'x'));
  CHECK(out.attempts == 4);
}
