// SPDX-License-Identifier: MIT
//
// An object store that is a directory: for a web server on the same machine, and for trying
// things out. Keys are paths below it.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "blob/file.hpp"
#include "blob/object_store.hpp"

namespace vinny {

class directory_store final : public object_store {
 public:
  /// `pool` does the copying. The directory is made when it is missing.
  directory_store(std::filesystem::path directory, asio::thread_pool& pool);

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

 private:
  file_root root_;
  asio::thread_pool& pool_;
};

}  // namespace vinny
