// SPDX-License-Identifier: MIT
//
// One bucket of an S3 store: signed requests over kept-alive connections, through one lane. The
// operator has named the store, so there is no robots.txt, no delay, and no question about its
// address. What to put, and when, is the store's (s3_store).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "blob/file_part.hpp"
#include "blob/object_store.hpp"
#include "blob/s3/s3_address.hpp"
#include "blob/s3/s3_answer.hpp"
#include "blob/s3/s3_lane.hpp"
#include "blob/s3/s3_refusal.hpp"
#include "http/connection/pool.hpp"

namespace vinny {

struct s3_request {
  std::string method = "GET";
  std::string key{};  // with its prefix; empty: the bucket
  query_list query{};
  header_list headers{};  // signed too
  std::string body{};
  std::string sha256{empty_payload};  // of the body
  std::int64_t max_body = max_s3_answer_bytes;
};

/// What the store tells of an object.
struct s3_object {
  std::string etag;  // without quotes
  std::int64_t bytes = 0;
  std::string sha256;  // that we gave it; empty for others' objects
};

class s3_client {
 public:
  /// `dial` must outlive the client; the store's address is told to it as trusted.
  s3_client(store_config const& settings, http_config const& limits, s3_address where,
            std::string user_agent, dialer& dial);

  /// Any answer; a failure is what prevented one.
  [[nodiscard]] task<result<response>> send(s3_request what, deadline limit);

  enum class overwrite { yes, no };
  /// Nothing: there is an object already, and it was not to be overwritten. With
  /// `overwrite::no`, a store without conditional writes answers with config_invalid.
  [[nodiscard]] task<result<std::optional<stored_object>>> put(std::string key, file_part what,
                                                               overwrite existing, deadline limit);
  [[nodiscard]] task<result<std::optional<s3_object>>> head(std::string key, deadline limit);
  /// Fails with body_too_large when it has more than `max_bytes`.
  [[nodiscard]] task<result<std::string>> get(std::string key, std::int64_t max_bytes,
                                              deadline limit);
  /// Also when there is none.
  [[nodiscard]] task<result<>> remove(std::string key, deadline limit);
  /// One page of the objects whose keys begin so; `token` is the one before's `next`.
  [[nodiscard]] task<result<object_page>> list(std::string prefix, std::string token,
                                               deadline limit);

  /// Multipart uploads (S3 API reference, "Uploading and copying objects using multipart upload").
  [[nodiscard]] task<result<std::string>> begin_upload(std::string key, std::string sha256,
                                                       deadline limit);
  [[nodiscard]] task<result<stored_part>> put_part(std::string key, std::string upload, int number,
                                                   file_part what, deadline limit);
  [[nodiscard]] task<result<std::vector<stored_part>>> parts_of(std::string key, std::string upload,
                                                                deadline limit);
  /// The object's ETag.
  [[nodiscard]] task<result<std::string>> complete_upload(std::string key, std::string upload,
                                                          std::vector<stored_part> parts,
                                                          deadline limit);
  [[nodiscard]] task<result<>> abort_upload(std::string key, std::string upload, deadline limit);
  /// All that are open under keys that begin so. Nothing: the store does not tell (a token for
  /// objects only, or a store that cannot list them).
  [[nodiscard]] task<result<std::optional<std::vector<open_upload>>>> open_uploads(
      std::string prefix, deadline limit);

  [[nodiscard]] s3_address const& where() const noexcept { return where_; }
  [[nodiscard]] int concurrency() const noexcept { return settings_.concurrency; }
  /// What a bad answer to that request means.
  [[nodiscard]] failure refused(response const& answer, std::string_view method,
                                std::string_view key) const;

 private:
  [[nodiscard]] request signed_request(s3_request what);
  [[nodiscard]] header_list object_headers(std::string_view key, std::string_view sha256) const;
  [[nodiscard]] task<result<response>> exchange(request const& what, deadline limit);
  /// Sends; a status that is no success becomes its failure.
  [[nodiscard]] task<result<response>> ask(s3_request what, deadline limit);
  /// A HEAD's answer has no body; a GET of the same key tells why.
  [[nodiscard]] task<failure> why_no_head(std::string key, deadline limit);

  store_config const& settings_;
  http_config const& limits_;
  s3_address where_;
  s3_place place_;
  sigv4_identity identity_;
  sigv4_key key_;
  std::string user_agent_;
  connection_pool pool_;
  s3_lane lane_;
};

}  // namespace vinny
