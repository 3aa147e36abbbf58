// SPDX-License-Identifier: MIT
//
// What a store's answers say: the XML bodies of errors, listings and multipart uploads. Pure; an
// answer comes from outside, so anything may be missing or wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

/// The largest answer, other than an object, that is read.
inline constexpr std::int64_t max_s3_answer_bytes = 8LL << 20;

/// S3 API reference, "Error responses". Empty fields: the answer does not tell.
struct s3_error {
  std::string code;
  std::string message;
  std::string request_id;
  std::string server_time;  // of RequestTimeTooSkewed
};
/// Nothing when the body is no such document.
[[nodiscard]] std::optional<s3_error> parse_s3_error(std::string_view body);

struct listed_object {
  std::string key;
  std::string etag;  // without quotes
  std::int64_t bytes = 0;
  std::string last_modified;
};
struct object_page {
  std::vector<listed_object> objects;
  std::string next;  // continuation token; empty: the last page
};
/// ListObjectsV2 with encoding-type=url. Fails with bad_response.
[[nodiscard]] result<object_page> parse_object_page(std::string_view body);

struct open_upload {
  std::string key;
  std::string id;
  std::string initiated;  // RFC 3339
};
struct upload_page {
  std::vector<open_upload> uploads;
  std::string next_key;  // both empty: the last page
  std::string next_id;
};
/// ListMultipartUploads with encoding-type=url.
[[nodiscard]] result<upload_page> parse_upload_page(std::string_view body);

struct stored_part {
  int number = 0;
  std::string etag;
  std::int64_t bytes = 0;
};
struct part_page {
  std::vector<stored_part> parts;
  std::string next;  // part-number-marker; empty: the last page
};
[[nodiscard]] result<part_page> parse_part_page(std::string_view body);

/// The UploadId of CreateMultipartUpload.
[[nodiscard]] result<std::string> parse_upload_id(std::string_view body);
/// The ETag of CompleteMultipartUpload, whose 200 may still hold an error: then nothing.
[[nodiscard]] std::optional<std::string> parse_completed_etag(std::string_view body);
/// The request body of CompleteMultipartUpload.
[[nodiscard]] std::string completion_document(std::vector<stored_part> const& parts);

/// An entity tag without its quotes.
[[nodiscard]] std::string bare_etag(std::string_view etag);
/// True for 32 hex digits: the MD5 of the object, as single PUTs have it.
[[nodiscard]] bool is_md5_etag(std::string_view bare) noexcept;

}  // namespace vinny
