// SPDX-License-Identifier: MIT
#include "blob/s3/s3_refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "blob/s3/s3_answer.hpp"
#include "core/text.hpp"
#include "policy/classify.hpp"
#include "policy/retry_after.hpp"

namespace vinny {
namespace {

struct row {
  std::string_view code;  // of the S3 API reference, "List of error codes", and of R2's
  errc means;
  std::string_view reason;
  std::string_view cure;
};

constexpr std::string_view check_permission =
    "give the token 'Object Read & Write' on bucket '{bucket}' (R2), or s3:GetObject, "
    "s3:PutObject and s3:AbortMultipartUpload";
constexpr std::string_view check_pair =
    "check store.access_key_id and store.secret_access_key: both must come from the same token";
constexpr std::string_view check_address_and_pair =
    "check store.endpoint, then store.access_key_id and store.secret_access_key";
constexpr std::string_view check_region =
    "check store.region ('{region}'; R2 takes 'auto') and store.endpoint";
constexpr std::string_view check_secret =
    "check store.secret_access_key and store.region ('{region}'; R2 takes 'auto')";
constexpr std::string_view renew = "make a new access key and put it into the configuration";
constexpr std::string_view check_bucket =
    "create bucket '{bucket}' at the store, or correct store.bucket and store.endpoint";
constexpr std::string_view set_clock = "set this machine's clock (NTP)";
constexpr std::string_view check_endpoint =
    "store.endpoint must be the S3 address of the account that owns bucket '{bucket}'";
constexpr std::string_view clear_acl = "set store.acl = \"\" if it is set";
constexpr std::string_view again = "it is tried again";
constexpr std::string_view slower = "it is tried again later; a lower store.concurrency helps";
constexpr std::string_view other_key = "it is left out; correct its key (store.prefix) or the file";

constexpr std::array table{
    row{"InvalidAccessKeyId", errc::store_credentials, "it does not know the access key id",
        check_pair},
    row{"Unauthorized", errc::store_credentials, "it refuses the access key", check_pair},
    row{"InvalidSecurity", errc::store_credentials, "it refuses the access key", check_pair},
    row{"SignatureDoesNotMatch", errc::store_credentials, "the signature does not match",
        check_secret},
    row{"AuthorizationHeaderMalformed", errc::store_credentials, "it is in another region",
        check_region},
    row{"InvalidRegionName", errc::store_credentials, "it is in another region", check_region},
    row{"AccessDenied", errc::store_credentials, "the access key may not do this",
        check_permission},
    row{"AllAccessDisabled", errc::store_credentials, "access is disabled", check_permission},
    row{"AccountProblem", errc::store_credentials, "the account has a problem", check_permission},
    row{"NotEntitled", errc::store_credentials, "the account may not use the service",
        check_permission},
    row{"NotSignedUp", errc::store_credentials, "the account may not use the service",
        check_permission},
    row{"ExpiredToken", errc::store_credentials, "the access key has expired", renew},
    row{"ExpiredRequest", errc::clock_skewed, "the request is too old for it", set_clock},
    row{"InvalidToken", errc::store_credentials, "the access key is not valid", renew},
    row{"TokenRefreshRequired", errc::store_credentials, "the access key has to be renewed", renew},
    row{"RequestTimeTooSkewed", errc::clock_skewed, "the two clocks differ too much", set_clock},
    row{"RequestExpired", errc::clock_skewed, "the request is too old for it", set_clock},
    row{"NoSuchBucket", errc::store_missing, "there is no such bucket", check_bucket},
    row{"InvalidBucketName", errc::store_missing, "the bucket's name is not valid", check_bucket},
    row{"PermanentRedirect", errc::config_invalid, "the bucket is at another address",
        check_endpoint},
    row{"TemporaryRedirect", errc::config_invalid, "the bucket is at another address",
        check_endpoint},
    row{"AccessControlListNotSupported", errc::config_invalid, "it has no ACLs", clear_acl},
    row{"NotImplemented", errc::config_invalid, "it does not know a header of the request",
        clear_acl},
    row{"KeyTooLongError", errc::store_rejected, "the key is too long", other_key},
    row{"KeyTooLong", errc::store_rejected, "the key is too long", other_key},
    row{"InvalidObjectName", errc::store_rejected, "the key is not valid", other_key},
    row{"InvalidURI", errc::store_rejected, "the key is not valid", other_key},
    row{"EntityTooLarge", errc::store_rejected, "the object is too large", other_key},
    row{"EntityTooSmall", errc::store_rejected, "a part is too small", other_key},
    row{"NoSuchKey", errc::not_found, "there is no such object", again},
    row{"NoSuchUpload", errc::not_found, "there is no such multipart upload", again},
    row{"InvalidPart", errc::not_found, "a part of the multipart upload is gone", again},
    row{"BadDigest", errc::store_digest, "it received other bytes than were sent", again},
    row{"InvalidDigest", errc::store_digest, "it received other bytes than were sent", again},
    row{"XAmzContentSHA256Mismatch", errc::store_digest, "it received other bytes than were sent",
        again},
    row{"IncompleteBody", errc::short_body, "it received fewer bytes than were sent", again},
    row{"RequestTimeout", errc::http_request_timeout, "it waited too long for the body", again},
    row{"InternalError", errc::http_server_error, "it failed inside", again},
    row{"OperationAborted", errc::http_server_error, "another request for the key was under way",
        again},
    row{"ConditionalRequestConflict", errc::http_server_error,
        "another request for the key was under way", again},
    row{"SlowDown", errc::host_cooling_down, "it asks for fewer requests", slower},
    row{"SlowDownWrite", errc::host_cooling_down, "it asks for fewer requests", slower},
    row{"ServiceUnavailable", errc::host_cooling_down, "it is not available now", slower},
    row{"Busy", errc::host_cooling_down, "it is busy", slower},
    row{"TooManyRequests", errc::host_cooling_down, "it asks for fewer requests", slower},
    row{"RequestLimitExceeded", errc::host_cooling_down, "it asks for fewer requests", slower},
    row{"ThrottlingException", errc::host_cooling_down, "it asks for fewer requests", slower},
};

row by_status(int status) {
  if (status == 401 || status == 403) {
    return {"", errc::store_credentials, "it refuses the access key, and not as an S3 store does",
            check_address_and_pair};
  }
  if (status == 404) {
    // A store says which thing it does not have; whoever else answers 404 knows nothing of it.
    return {"", errc::store_missing, "it does not answer as an S3 store does", check_endpoint};
  }
  if (status == 429 || status == 503) {
    return {"", errc::host_cooling_down, "it asks for fewer requests", slower};
  }
  if (status == 408)
    return {"", errc::http_request_timeout, "it waited too long for the body", again};
  if (status == 409) return {"", errc::http_server_error, "another request was under way", again};
  if (status == 501) {
    return {"", errc::config_invalid, "it does not know a header of the request", clear_acl};
  }
  if (status >= 500 && status <= 599) return {"", errc::http_server_error, "it failed", again};
  if (status == 405 || (status >= 300 && status < 400)) {
    return {"", errc::config_invalid, "it does not answer as an S3 store does", check_endpoint};
  }
  if (status == 400 || status == 411 || status == 412 || status == 413 || status == 416) {
    return {"", errc::store_rejected, "it refuses the request", other_key};
  }
  return {"", errc::http_unexpected, "its answer is not expected", check_endpoint};
}

row judge(int status, std::string_view code) {
  auto const found = std::ranges::find(table, code, &row::code);
  return found == table.end() || code.empty() ? by_status(status) : *found;
}

std::string filled(std::string_view pattern, s3_place const& place) {
  std::string out{pattern};
  for (auto const& [name, value] :
       {std::pair{std::string_view{"{bucket}"}, &place.bucket}, {"{region}", &place.region}}) {
    if (auto const at = out.find(name); at != std::string::npos)
      out.replace(at, name.size(), *value);
  }
  return out;
}

/// The store's own words, for a log: short, in one line, without the access key.
std::string quoted(s3_error const& said, s3_place const& place) {
  auto out = squeeze(valid_utf8(clip(said.message, 160)));
  replace_all(out, place.access_key_id, "…");
  return out.empty() ? valid_utf8(clip(said.code, 60))
                     : fmt::format("{}: {}", valid_utf8(clip(said.code, 60)), out);
}

/// "its clock says 2027-…, ours …": for people to see which one is wrong.
std::string clocks(response const& answer, std::optional<s3_error> const& said, instant at) {
  auto theirs = said && from_rfc3339(said->server_time) ? from_rfc3339(said->server_time)
                                                        : from_http_date(answer.header("Date"));
  if (!theirs) return fmt::format("; our clock says {}", to_rfc3339(at));
  auto const apart = std::chrono::duration_cast<std::chrono::seconds>(at - *theirs);
  return fmt::format("; its clock says {}, ours {} ({} s {})", to_rfc3339(*theirs), to_rfc3339(at),
                     std::abs(apart.count()), apart.count() < 0 ? "behind" : "ahead");
}

}  // namespace

std::string s3_error_code(response const& answer) {
  auto const said = parse_s3_error(answer.body);
  return said ? said->code : std::string{};
}

bool asks_for_rest(response const& answer) {
  if (answer.status >= 200 && answer.status < 400) return false;
  return judge(answer.status, s3_error_code(answer)).means == errc::host_cooling_down;
}

failure s3_refusal(response const& answer, std::string_view what, s3_place const& place,
                   instant at) {
  auto const said = parse_s3_error(answer.body);
  auto const meaning = judge(answer.status, said ? said->code : std::string_view{});
  auto const skew = meaning.means == errc::clock_skewed ? clocks(answer, said, at) : std::string{};
  failure out{meaning.means,
              fmt::format("{} at {}: {} (status {}{}{}){}; {}", what, place.host, meaning.reason,
                          answer.status, said ? ", " : "", said ? quoted(*said, place) : "", skew,
                          filled(meaning.cure, place))};
  if (auto const asked = parse_retry_after(answer.header("Retry-After"), at)) out.retry_at = *asked;
  return out;
}

}  // namespace vinny
