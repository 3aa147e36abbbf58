// SPDX-License-Identifier: MIT
//
// Where renditions go: a directory now, S3 and R2 by the same interface. A put that succeeded is
// durable; only then may a row name the object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/failure.hpp"
#include "task/task.hpp"

namespace vinny {

struct stored_object {
  std::string etag;
  std::int64_t bytes = 0;
};

class object_store {
 public:
  virtual ~object_store() = default;
  /// Puts a file under a key, replacing what is there.
  [[nodiscard]] virtual task<result<stored_object>> put(std::string key, std::filesystem::path file,
                                                        std::string sha256, deadline limit) = 0;
  /// What is stored under a key; nothing when there is none.
  [[nodiscard]] virtual task<result<std::optional<stored_object>>> head(std::string key,
                                                                        deadline limit) = 0;
};

}  // namespace vinny
