// SPDX-License-Identifier: MIT
//
// Where renditions go: a directory, or S3 and R2, by the same interface. A put that succeeded is
// durable; only then may a row name the object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/failure.hpp"
#include "task/task.hpp"

namespace vinny {

struct stored_object {
  std::string etag;  // the store's own; empty when it has none
  std::int64_t bytes = 0;
  bool sent = true;       // false: the store had it already
  bool replaced = false;  // other content was there before
};

/// One page of what a store has, in the order of the keys' bytes.
struct object_listing {
  struct object {
    std::string key;
    std::string etag;
    std::int64_t bytes = 0;
    std::string last_modified;  // RFC 3339; may be empty
  };
  std::vector<object> objects{};
  std::string next{};  // where the next page begins; empty: the last one
};

struct object_to_put {
  std::string key;
  std::filesystem::path file;
  std::int64_t bytes = 0;  // of the file, as it was recorded
  std::string sha256;      // of the file, 64 hex digits
  std::string md5{};       // of the file, 32 hex digits; empty: not known
  /// The ledger has a confirmed object under this key: nothing has to be found out first.
  bool known = false;
};

class object_store {
 public:
  virtual ~object_store() = default;
  /// Puts a file under a key, replacing what is there. Fails with not_found when the file is gone
  /// or is not the one that `sha256` says.
  [[nodiscard]] virtual task<result<stored_object>> put(object_to_put what, deadline limit) = 0;
  /// What is stored under a key; nothing when there is none.
  [[nodiscard]] virtual task<result<std::optional<stored_object>>> head(std::string key,
                                                                        deadline limit) = 0;
  /// Puts a small object under a key that nothing else has had.
  [[nodiscard]] virtual task<result<>> put_bytes(std::string key, std::string bytes,
                                                 deadline limit) = 0;
  /// Fails with not_found, and with body_too_large when it has more than `max_bytes`.
  [[nodiscard]] virtual task<result<std::string>> get(std::string key, std::int64_t max_bytes,
                                                      deadline limit) = 0;
  /// Succeeds when there is no such object.
  [[nodiscard]] virtual task<result<>> remove(std::string key, deadline limit) = 0;
  /// The objects whose keys begin so; `from` is the page before's `next`, or empty.
  [[nodiscard]] virtual task<result<object_listing>> list(std::string prefix, std::string from,
                                                          deadline limit) = 0;
  /// Drops what unfinished puts have left behind; how many.
  [[nodiscard]] virtual task<result<int>> drop_leftovers(deadline) { co_return 0; }
};

}  // namespace vinny
