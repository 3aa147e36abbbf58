// SPDX-License-Identifier: MIT
//
// An S3 bucket as an object store: when to put, when to ask first, what to send in parts, and
// when a store that keeps receiving other bytes has to be looked at by the operator.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <chrono>
#include <set>

#include "blob/object_store.hpp"
#include "blob/s3/s3_client.hpp"
#include "task/semaphore.hpp"

namespace vinny {

struct multipart_limits {
  std::int64_t from_bytes = 16LL << 20;  // smaller objects are put by one request
  std::int64_t part_bytes = 8LL << 20;   // all parts but the last; at least 5 MiB (S3)
};

/// So many bytes a part that there are at most 10,000, in whole MiB when they have to grow.
[[nodiscard]] std::int64_t part_size(std::int64_t object_bytes, multipart_limits const& limits);

class s3_store final : public object_store {
 public:
  /// `pool` reads and hashes. Everything must outlive the store.
  s3_store(s3_client& bucket, asio::thread_pool& pool, multipart_limits parts = {})
      : bucket_(bucket),
        pool_(pool),
        parts_(parts),
        small_(std::min(2 * bucket.concurrency(), most_small)) {}

  /// An object of the same content that is there already is not sent again.
  [[nodiscard]] task<result<stored_object>> put(object_to_put what, deadline limit) override;
  [[nodiscard]] task<result<std::optional<stored_object>>> head(std::string key,
                                                                deadline limit) override;
  [[nodiscard]] task<result<>> put_bytes(std::string key, std::string bytes,
                                         deadline limit) override;
  [[nodiscard]] task<result<std::string>> get(std::string key, std::int64_t max_bytes,
                                              deadline limit) override;
  [[nodiscard]] task<result<>> remove(std::string key, deadline limit) override;
  [[nodiscard]] task<result<object_listing>> list(std::string prefix, std::string from,
                                                  deadline limit) override;
  /// Aborts multipart uploads that were begun more than a day ago.
  [[nodiscard]] task<result<int>> drop_leftovers(deadline limit) override;

 private:
  enum class presence { absent, same, other };
  [[nodiscard]] task<result<presence>> look(object_to_put const& what, std::string md5,
                                            std::string& etag, deadline limit);
  [[nodiscard]] task<result<stored_object>> put_whole(object_to_put const& what, deadline limit);
  [[nodiscard]] task<result<stored_object>> put_in_parts(object_to_put const& what, deadline limit);
  struct upload {
    std::string id;
    std::vector<stored_part> parts;  // that the store has
  };
  /// An open upload of this very file, or a new one; others under the key are aborted.
  [[nodiscard]] task<result<upload>> upload_to_go_on_with(object_to_put const& what,
                                                          deadline limit);
  [[nodiscard]] task<bool> belong(object_to_put const& what, std::vector<stored_part> const& parts);
  [[nodiscard]] task<result<std::vector<stored_part>>> send_parts(object_to_put const& what,
                                                                  upload onto, deadline limit);
  /// Asks for what the parts have become: not every store tells.
  [[nodiscard]] task<result<stored_object>> confirmed(std::string key, std::int64_t bytes,
                                                      deadline limit);
  [[nodiscard]] failure weigh(failure why);
  [[nodiscard]] static failure not_the_file(object_to_put const& what);

  /// Bodies in memory at once: a waiting worker holds none.
  static constexpr std::int64_t small_bytes = 1LL << 20;
  static constexpr int most_small = 64;
  static constexpr int most_large = 4;
  /// For what is sent, from when its turn has come.
  static constexpr std::chrono::minutes transfer_time{15};
  /// Fails with host_cooling_down, which costs no attempt, when the turn does not come in time.
  [[nodiscard]] task<result<semaphore::permit>> room_for(std::int64_t bytes, deadline limit);

  s3_client& bucket_;
  asio::thread_pool& pool_;
  multipart_limits parts_;
  semaphore small_;
  semaphore large_{most_large};
  bool conditional_ = true;    // the store knows If-None-Match on PUT
  bool expect_there_ = false;  // the last object that was seen first was there: ask before sending
  int altered_ = 0;            // bodies in a row that did not arrive as they were sent
  std::set<std::string> replacing_;  // other content was seen there before a put of ours
};

}  // namespace vinny
