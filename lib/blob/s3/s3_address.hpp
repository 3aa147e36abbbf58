// SPDX-License-Identifier: MIT
//
// Where a bucket and its objects are: from the configured endpoint to the host, path and query of
// a request. Pure.
#pragma once

#include <string>
#include <string_view>

#include "blob/s3/sigv4.hpp"
#include "config/config.hpp"
#include "core/url.hpp"

namespace vinny {

/// S3 API reference, "Object key": in bytes of UTF-8.
inline constexpr std::size_t max_key_bytes = 1024;

class s3_address {
 public:
  /// Fails with config_invalid when the endpoint is no URL or the bucket is missing.
  [[nodiscard]] static result<s3_address> from(store_config const& settings);

  /// The key as the bucket has it: with the configured prefix.
  [[nodiscard]] std::string full_key(std::string_view key) const {
    return prefix_ + std::string{key};
  }
  /// Fails with store_rejected when no store can hold an object under that (full) key.
  [[nodiscard]] result<> check(std::string_view full_key) const;

  /// An empty key is the bucket itself.
  [[nodiscard]] url target(std::string_view full_key, query_list const& query) const;
  [[nodiscard]] std::string const& bucket() const noexcept { return bucket_; }
  [[nodiscard]] std::string const& prefix() const noexcept { return prefix_; }
  /// The server that is talked to.
  [[nodiscard]] url const& base() const noexcept { return base_; }

 private:
  url base_;          // with the bucket in the host, or in the path
  std::string path_;  // encoded, with a slash at the end
  std::string bucket_;
  std::string prefix_;
};

}  // namespace vinny
