// SPDX-License-Identifier: MIT
#include "blob/s3/s3_refusal.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "policy/classify.hpp"

using namespace vinny;

namespace {

s3_place const place{"store.example.org", "images", "auto", "AKIDCANARY"};
auto const today = from_rfc3339("2027-06-12T10:00:00Z").value();

failure refusal(int status, std::string_view code, std::string_view message = "words",
                header_list headers = {}) {
  response answer{.status = status, .headers = std::move(headers)};
  if (!code.empty()) {
    answer.body = "<Error><Code>" + std::string{code} + "</Code><Message>" + std::string{message} +
                  "</Message></Error>";
  }
  return s3_refusal(answer, "PUT a.jpg", place, today);
}

bool holds(failure const& why, std::string_view text) {
  return why.message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("what the operator must mend halts, with what to mend") {
  struct row {
    int status;
    char const* code;
    errc means;
    char const* cure;
  };
  for (auto const& [status, code, means, cure] :
       {row{403, "InvalidAccessKeyId", errc::store_credentials, "store.access_key_id"},
        row{401, "Unauthorized", errc::store_credentials, "store.access_key_id"},
        row{403, "SignatureDoesNotMatch", errc::store_credentials, "store.secret_access_key"},
        row{400, "AuthorizationHeaderMalformed", errc::store_credentials, "store.region ('auto'"},
        row{403, "AccessDenied", errc::store_credentials, "bucket 'images'"},
        row{400, "ExpiredToken", errc::store_credentials, "new access key"},
        row{404, "NoSuchBucket", errc::store_missing, "create bucket 'images'"},
        row{301, "PermanentRedirect", errc::config_invalid, "store.endpoint"},
        row{403, "RequestTimeTooSkewed", errc::clock_skewed, "clock"},
        row{400, "AccessControlListNotSupported", errc::config_invalid, "store.acl"},
        row{501, "NotImplemented", errc::config_invalid, "store.acl"},
        row{403, "", errc::store_credentials, "store."},
        row{401, "", errc::store_credentials, "store."},
        row{405, "", errc::config_invalid, "store.endpoint"}}) {
    auto const why = refusal(status, code);
    INFO(status << ' ' << code << ": " << why.message);
    CHECK(why.code == means);
    CHECK(classify(why.code) == verdict::halt);
    CHECK(holds(why, cure));
    CHECK(holds(why, "store.example.org"));
    CHECK(holds(why, "PUT a.jpg"));
  }
}

TEST_CASE("what passes is tried again") {
  for (auto const& [status, code] : {std::pair{500, "InternalError"},
                                     {400, "RequestTimeout"},
                                     {400, "BadDigest"},
                                     {400, "XAmzContentSHA256Mismatch"},
                                     {400, "IncompleteBody"},
                                     {409, "OperationAborted"},
                                     {409, "ConditionalRequestConflict"},
                                     {502, ""},
                                     {504, "x"},
                                     {408, ""}}) {
    INFO(status << code);
    auto const why = refusal(status, code);
    CHECK(classify(why.code) == verdict::retry);
    CHECK(why.code != errc::host_cooling_down);
  }
}

TEST_CASE("a store that asks for a rest is no failure of the object") {
  for (auto const& [status, code] : {std::pair{503, "SlowDown"},
                                     {503, ""},
                                     {429, ""},
                                     {429, "TooManyRequests"},
                                     {503, "ServiceUnavailable"}}) {
    INFO(status << code);
    auto const why = refusal(status, code, "w", {{"Retry-After", "7"}});
    CHECK(why.code == errc::host_cooling_down);
    CHECK(why.retry_at == today + std::chrono::seconds{7});
    response answer{.status = status};
    CHECK((*code != '\0' || asks_for_rest(answer)));
  }
  CHECK_FALSE(
      asks_for_rest(response{.status = 200, .body = "<Error><Code>SlowDown</Code></Error>"}));
}

TEST_CASE("what this object alone is to blame for is left out") {
  for (auto const* code : {"KeyTooLongError", "EntityTooLarge", "InvalidURI"}) {
    CHECK(refusal(400, code).code == errc::store_rejected);
  }
  CHECK(refusal(400, "SomethingNew").code == errc::store_rejected);
  CHECK(refusal(413, "").code == errc::store_rejected);
  CHECK(refusal(404, "NoSuchKey").code == errc::not_found);
}

TEST_CASE("a skewed clock is named with both clocks") {
  response answer{.status = 403,
                  .body =
                      "<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2027-06-12T09:00:00Z"
                      "</ServerTime></Error>"};
  auto const ahead = s3_refusal(answer, "PUT a", place, today);
  CHECK(holds(
      ahead,
      "its clock says 2027-06-12T09:00:00.000Z, ours 2027-06-12T10:00:00.000Z (3600 s ahead)"));
  answer.body = "<Error><Code>RequestTimeTooSkewed</Code></Error>";
  answer.headers = {{"Date", "Sat, 12 Jun 2027 10:20:00 GMT"}};
  CHECK(holds(s3_refusal(answer, "PUT a", place, today), "(1200 s behind)"));
}

TEST_CASE("the store's words are short, in one line, and without the access key") {
  auto const why =
      refusal(403, "InvalidAccessKeyId",
              "The key AKIDCANARY (AKIDCANARY) is\n\n unknown" + std::string(400, 'x'));
  CHECK_FALSE(holds(why, "AKIDCANARY"));
  CHECK_FALSE(holds(why, "\n"));
  CHECK(why.message.size() < 500);
}
