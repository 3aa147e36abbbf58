// SPDX-License-Identifier: MIT
//
// AWS Signature Version 4 as S3 wants it ("Authenticating Requests (AWS Signature Version 4)" in
// the S3 API reference): the path is encoded once and never normalised. Pure; it sends nothing.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/secret.hpp"
#include "core/time.hpp"
#include "http/message.hpp"

namespace vinny {

/// Names and values before they are encoded.
using query_list = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
/// SHA-256 of nothing.
inline constexpr std::string_view empty_payload =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct sigv4_identity {
  std::string access_key_id;
  secret secret_access_key;
  std::string region;
  std::string service = "s3";
};

struct sigv4_request {
  std::string method;
  std::string path;  // as it stands in the request line: encoded
  query_list query{};
  header_list headers{};     // those to sign; Host must be among them
  std::string payload_hash;  // SHA-256 in hex, or unsigned_payload
};

struct sigv4_signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;      // 64 hex digits
  std::string authorization;  // value of the Authorization header
};

/// "a=1&b=2": encoded, and sorted as the signature has it.
[[nodiscard]] std::string query_string(query_list const& query);
/// "20130524T000000Z": x-amz-date.
[[nodiscard]] std::string amz_time(instant at);

/// The key that an identity signs with for a day; derived when the day begins.
struct sigv4_key {
  std::string date{};  // 20130524
  std::array<unsigned char, 32> bytes{};
};

/// The header form. `at` must be what x-amz-date or Date says. `known` is the identity's own, kept
/// from one signature to the next.
[[nodiscard]] sigv4_signature sign(sigv4_identity const& who, sigv4_request const& what, instant at,
                                   sigv4_key& known);
[[nodiscard]] inline sigv4_signature sign(sigv4_identity const& who, sigv4_request const& what,
                                          instant at) {
  sigv4_key once;
  return sign(who, what, at, once);
}

/// The query form: the whole query string, X-Amz-Signature last. `what.payload_hash` is usually
/// unsigned_payload. A signature holds for at most seven days.
[[nodiscard]] std::string presigned_query(sigv4_identity const& who, sigv4_request what,
                                          std::chrono::seconds lasts, instant at);

}  // namespace vinny
