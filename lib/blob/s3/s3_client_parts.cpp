// SPDX-License-Identifier: MIT
// The client's requests for multipart uploads.
#include <fmt/format.h>

#include "blob/s3/s3_client.hpp"
#include "core/digest.hpp"

namespace vinny {

task<result<std::string>> s3_client::begin_upload(std::string key, std::string sha256,
                                                  deadline limit) {
  auto const answer = co_await ask({.method = "POST",
                                    .key = key,
                                    .query = {{"uploads", ""}},
                                    .headers = object_headers(key, sha256)},
                                   limit);
  if (!answer) co_return std::unexpected(answer.error());
  co_return parse_upload_id(answer->body);
}

task<result<stored_part>> s3_client::put_part(std::string key, std::string upload, int number,
                                              file_part what, deadline limit) {
  s3_request ask_for{
      .method = "PUT",
      .key = std::move(key),
      .query = {{"partNumber", std::to_string(number)}, {"uploadId", std::move(upload)}},
      .headers = {{"Content-MD5", base64_of_hex(what.md5)}}};
  ask_for.sha256 = what.sha256;
  auto const bytes = static_cast<std::int64_t>(what.bytes.size());
  ask_for.body = std::move(what.bytes);
  auto const answer = co_await ask(std::move(ask_for), limit);
  if (!answer) co_return std::unexpected(answer.error());
  co_return stored_part{
      .number = number, .etag = bare_etag(answer->header("ETag")), .bytes = bytes};
}

task<result<std::vector<stored_part>>> s3_client::parts_of(std::string key, std::string upload,
                                                           deadline limit) {
  std::vector<stored_part> out;
  for (std::string marker;;) {
    s3_request what{.key = key, .query = {{"uploadId", upload}}};
    if (!marker.empty()) what.query.emplace_back("part-number-marker", marker);
    auto const answer = co_await ask(std::move(what), limit);
    if (!answer) co_return std::unexpected(answer.error());
    auto page = parse_part_page(answer->body);
    if (!page) co_return std::unexpected(page.error());
    out.insert(out.end(), page->parts.begin(), page->parts.end());
    if (page->next.empty() || page->next == marker || page->parts.empty()) co_return out;
    marker = std::move(page->next);
  }
}

task<result<std::string>> s3_client::complete_upload(std::string key, std::string upload,
                                                     std::vector<stored_part> parts,
                                                     deadline limit) {
  s3_request what{.method = "POST",
                  .key = key,
                  .query = {{"uploadId", upload}},
                  .headers = {{"Content-Type", "application/xml"}}};
  what.body = completion_document(parts);
  what.sha256 = sha256_hex(what.body);
  auto answer = co_await ask(std::move(what), limit);
  if (!answer) co_return std::unexpected(answer.error());
  if (auto etag = parse_completed_etag(answer->body)) co_return std::move(*etag);
  // A store may have begun its answer with 200 before it failed.
  if (!s3_error_code(*answer).empty()) co_return std::unexpected(refused(*answer, "POST", key));
  co_return fail(errc::bad_response,
                 fmt::format("POST {}: the store does not say whether it is complete", key));
}

task<result<>> s3_client::abort_upload(std::string key, std::string upload, deadline limit) {
  auto const answer = co_await ask(
      {.method = "DELETE", .key = std::move(key), .query = {{"uploadId", std::move(upload)}}},
      limit);
  if (!answer && answer.error().code != errc::not_found) co_return std::unexpected(answer.error());
  co_return result<>{};
}

task<result<std::optional<std::vector<open_upload>>>> s3_client::open_uploads(std::string prefix,
                                                                              deadline limit) {
  std::vector<open_upload> out;
  for (upload_page before;;) {
    s3_request what{.query = {{"uploads", ""}, {"encoding-type", "url"}}};
    if (!prefix.empty()) what.query.emplace_back("prefix", prefix);
    if (!before.next_key.empty()) what.query.emplace_back("key-marker", before.next_key);
    if (!before.next_id.empty()) what.query.emplace_back("upload-id-marker", before.next_id);
    auto const answer = co_await send(std::move(what), limit);
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->status == 501 || s3_error_code(*answer) == "AccessDenied") co_return std::nullopt;
    if (answer->status != 200) co_return std::unexpected(refused(*answer, "GET", {}));
    auto page = parse_upload_page(answer->body);
    if (!page) co_return std::unexpected(page.error());
    out.insert(out.end(), page->uploads.begin(), page->uploads.end());
    bool const stuck = page->next_key == before.next_key && page->next_id == before.next_id;
    if (page->next_key.empty() || stuck) co_return out;
    before = std::move(*page);
  }
}

}  // namespace vinny
