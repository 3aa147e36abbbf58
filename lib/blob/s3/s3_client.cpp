// SPDX-License-Identifier: MIT
#include "blob/s3/s3_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/text.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

/// The slowest uplink that a large body is given time for.
constexpr std::int64_t slowest_bytes_per_second = 32 * 1024;
constexpr std::string_view sha256_header = "x-amz-meta-sha256";

std::string_view content_type(std::string_view key) {
  auto const dot = key.rfind('.');
  auto const ending = to_lower(dot == std::string_view::npos ? "" : key.substr(dot + 1));
  if (ending == "jpg" || ending == "jpeg") return "image/jpeg";
  if (ending == "png") return "image/png";
  if (ending == "gif") return "image/gif";
  if (ending == "webp") return "image/webp";
  if (ending == "tif" || ending == "tiff") return "image/tiff";
  if (ending == "dng") return "image/x-adobe-dng";
  return "application/octet-stream";
}

/// The store was not reached: what is to blame is not the object.
bool unreached(errc code) noexcept {
  switch (code) {
    case errc::dns_failure:
    case errc::dns_not_found:
    case errc::resolve_timeout:
    case errc::connect_failed:
    case errc::connect_timeout:
    case errc::tls_failed:
    case errc::tls_timeout:
      return true;
    default:
      return false;
  }
}

/// It took the request, and nothing came.
bool is_silence(errc code) noexcept {
  return code == errc::first_byte_timeout || code == errc::stalled || code == errc::total_timeout;
}

std::int64_t to_number(std::string_view digits) {
  std::int64_t out = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

}  // namespace

s3_client::s3_client(store_config const& settings, http_config const& limits, s3_address where,
                     std::string user_agent, dialer& dial)
    : settings_(settings),
      limits_(limits),
      where_(std::move(where)),
      place_{.host = where_.target({}, {}).host_header(),
             .bucket = settings.bucket,
             .region = settings.region,
             .access_key_id = settings.access_key_id.reveal()},
      identity_{.access_key_id = settings.access_key_id.reveal(),
                .secret_access_key = settings.secret_access_key,
                .region = settings.region},
      user_agent_(std::move(user_agent)),
      pool_(dial, static_cast<std::size_t>(settings.concurrency)),
      lane_(settings.concurrency) {
  dial.trust(where_.base());
}

failure s3_client::refused(response const& answer, std::string_view method,
                           std::string_view key) const {
  return s3_refusal(answer, fmt::format("{} {}", method, key.empty() ? "the bucket" : key), place_,
                    now());
}

request s3_client::signed_request(s3_request what) {
  auto const at = now();
  auto target = where_.target(what.key, what.query);
  sigv4_request to_sign{.method = what.method,
                        .path = target.path(),
                        .query = std::move(what.query),
                        .headers = std::move(what.headers),
                        .payload_hash = what.sha256};
  to_sign.headers.emplace_back("x-amz-content-sha256", std::move(what.sha256));
  to_sign.headers.emplace_back("x-amz-date", amz_time(at));
  to_sign.headers.emplace_back("Host", target.host_header());
  auto signature = sign(identity_, to_sign, at, key_);
  to_sign.headers.pop_back();  // the transport writes it
  request out{.method = std::move(what.method),
              .target = std::move(target),
              .headers = std::move(to_sign.headers),
              .body = std::move(what.body),
              .max_body = what.max_body,
              .accept_gzip = false};
  out.headers.emplace_back("Authorization", std::move(signature.authorization));
  out.headers.emplace_back("User-Agent", user_agent_);
  out.send_time = std::chrono::seconds{
      static_cast<std::int64_t>(out.body.size()) / slowest_bytes_per_second + 1};
  return out;
}

task<result<response>> s3_client::exchange(request const& what, deadline limit) {
  auto const total = within(limits_.total_timeout + what.send_time, limit);
  // A POST that was heard and not answered has begun an upload that nobody knows of: it goes by a
  // new connection and is not repeated here.
  bool const repeatable = what.method != "POST";
  for (bool again = !repeatable;; again = true) {
    auto link = again ? co_await pool_.connect(what.target, total)
                      : co_await pool_.take(what.target, total);
    if (!link) co_return std::unexpected(link.error());
    bool answered = false;
    exchange_hooks const hooks{.written = {},
                               .head = [&answered](int, std::string_view) { answered = true; }};
    auto answer = co_await (*link)->exchange(what, hooks, total);
    // A kept connection that the store had closed meanwhile says nothing about the store.
    bool const was_dead = !answer && !answered && !link->fresh() && !again &&
                          answer.error().code == errc::connection_lost;
    if (!was_dead) co_return answer;
  }
}

task<result<response>> s3_client::send(s3_request what, deadline limit) {
  auto turn = co_await lane_.enter(limit);
  if (!turn) co_return std::unexpected(turn.error());
  auto const method = what.method;
  auto const key = what.key;
  auto const most = what.max_body;
  auto answer = co_await exchange(signed_request(std::move(what)), limit);
  if (answer && asks_for_rest(*answer)) {
    auto const why = refused(*answer, method, key);
    lane_.failed(why.retry_at, why.message);
  } else if (answer) {
    lane_.succeeded();
  } else if (is_silence(answer.error().code)) {
    // The others need not wait as long to learn it.
    lane_.failed({}, fmt::format("{}: {}", place_.host, answer.error().message));
  } else if (answer.error().code == errc::tls_certificate) {
    co_return fail(errc::config_invalid,
                   fmt::format("{}; correct store.endpoint, or name the root that signed it as "
                               "http.ca_file",
                               answer.error().message));
  } else if (unreached(answer.error().code)) {
    lane_.failed({}, answer.error().message);
    failure why{errc::host_cooling_down, answer.error().message};
    why.retry_at = lane_.rest().until(now());
    co_return std::unexpected(std::move(why));
  } else if (answer.error().code == errc::body_too_large && most == max_s3_answer_bytes) {
    co_return fail(errc::bad_response,
                   fmt::format("{}: the store's answer does not end", place_.host));
  }
  co_return answer;
}

task<result<response>> s3_client::ask(s3_request what, deadline limit) {
  auto const method = what.method;
  auto const key = what.key;
  auto answer = co_await send(std::move(what), limit);
  if (answer && !is_success(answer->status)) {
    auto why = refused(*answer, method, key);
    if (why.code == errc::host_cooling_down && !why.retry_at)
      why.retry_at = lane_.rest().until(now());
    co_return std::unexpected(std::move(why));
  }
  co_return answer;
}

header_list s3_client::object_headers(std::string_view key, std::string_view sha256) const {
  header_list out{{"Content-Type", std::string{content_type(key)}},
                  {std::string{sha256_header}, std::string{sha256}}};
  if (!settings_.cache_control.empty()) out.emplace_back("Cache-Control", settings_.cache_control);
  if (!settings_.acl.empty()) out.emplace_back("x-amz-acl", settings_.acl);
  return out;
}

task<result<std::optional<stored_object>>> s3_client::put(std::string key, file_part what,
                                                          overwrite existing, deadline limit) {
  if (auto const fits = where_.check(key); !fits) co_return std::unexpected(fits.error());
  s3_request ask_for{.method = "PUT", .key = key, .headers = object_headers(key, what.sha256)};
  ask_for.headers.emplace_back("Content-MD5", base64_of_hex(what.md5));
  if (existing == overwrite::no) ask_for.headers.emplace_back("If-None-Match", "*");
  ask_for.sha256 = what.sha256;
  auto const bytes = static_cast<std::int64_t>(what.bytes.size());
  ask_for.body = std::move(what.bytes);
  auto const answer = co_await send(std::move(ask_for), limit);
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status == 412 && existing == overwrite::no) co_return std::nullopt;
  if (!is_success(answer->status)) {
    auto why = refused(*answer, "PUT", key);
    if (why.code == errc::host_cooling_down && !why.retry_at)
      why.retry_at = lane_.rest().until(now());
    // Here it is not the object that could be missing.
    if (why.code == errc::not_found) why.code = errc::store_missing;
    co_return std::unexpected(std::move(why));
  }
  auto etag = bare_etag(answer->header("ETag"));
  // A store answers with the tag and without a body; a captive portal the other way round.
  if (etag.empty() && !answer->body.empty()) {
    co_return fail(errc::store_missing,
                   fmt::format("PUT {} at {}: it answers {} with a page and without an ETag, so it "
                               "is no S3 store; correct store.endpoint",
                               key, place_.host, answer->status));
  }
  co_return stored_object{.etag = etag.empty() ? what.md5 : std::move(etag), .bytes = bytes};
}

task<failure> s3_client::why_no_head(std::string key, deadline limit) {
  s3_request why{.method = "GET", .key = key, .headers = {{"Range", "bytes=0-0"}}};
  auto const answer = co_await send(std::move(why), limit);
  if (!answer) co_return answer.error();
  if (is_success(answer->status) || answer->status == 416) {
    co_return failure{errc::bad_response,
                      fmt::format("GET {} at {}: there is an object, although a HEAD said "
                                  "otherwise; it is asked again",
                                  key, place_.host)};
  }
  co_return refused(*answer, "HEAD", key);
}

task<result<std::optional<s3_object>>> s3_client::head(std::string key, deadline limit) {
  if (auto const fits = where_.check(key); !fits) co_return std::unexpected(fits.error());
  auto const answer = co_await send({.method = "HEAD", .key = key}, limit);
  if (!answer) co_return std::unexpected(answer.error());
  if (is_success(answer->status)) {
    co_return s3_object{.etag = bare_etag(answer->header("ETag")),
                        .bytes = to_number(answer->header("Content-Length")),
                        .sha256 = std::string{trim(answer->header(sha256_header))}};
  }
  auto why = answer->status >= 500 || answer->status == 429 ? refused(*answer, "HEAD", key)
                                                            : co_await why_no_head(key, limit);
  if (why.code == errc::not_found) co_return std::nullopt;
  co_return std::unexpected(std::move(why));
}

task<result<std::string>> s3_client::get(std::string key, std::int64_t max_bytes, deadline limit) {
  auto answer = co_await ask({.key = std::move(key), .max_body = max_bytes}, limit);
  if (!answer) co_return std::unexpected(answer.error());
  co_return std::move(answer->body);
}

task<result<>> s3_client::remove(std::string key, deadline limit) {
  auto const answer = co_await ask({.method = "DELETE", .key = std::move(key)}, limit);
  if (!answer && answer.error().code != errc::not_found) co_return std::unexpected(answer.error());
  co_return result<>{};
}

task<result<object_page>> s3_client::list(std::string prefix, std::string token, deadline limit) {
  s3_request what{.query = {{"list-type", "2"}, {"encoding-type", "url"}}};
  if (!prefix.empty()) what.query.emplace_back("prefix", std::move(prefix));
  if (!token.empty()) what.query.emplace_back("continuation-token", std::move(token));
  auto const answer = co_await ask(std::move(what), limit);
  if (!answer) co_return std::unexpected(answer.error());
  co_return parse_object_page(answer->body);
}

}  // namespace vinny
