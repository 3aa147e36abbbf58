// SPDX-License-Identifier: MIT
//
// [thumbnails] and [captures.collection.NAME].
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vinny {

namespace settings {
class settings_table;
}

struct thumbnail_size {
  std::string label;
  std::uint32_t width = 0;
  std::uint32_t height = 0;  // 0: free
  friend bool operator==(thumbnail_size const&, thumbnail_size const&) = default;
};

struct thumbnails_config {
  std::vector<thumbnail_size> sizes{{"small", 240}, {"medium", 1024}};  // the first is the default
  int quality = 82;
  std::int64_t max_bytes = 64LL << 20;  // of a source
  int queue = 256;                      // thumbnails that may wait to be made
  std::chrono::seconds presigned{};     // how long an address holds; 0: those of store.public_url

  [[nodiscard]] thumbnail_size const* find(std::string_view label) const noexcept;
};

/// A collection of captures: where they come from, and who may see them.
struct collection_config {
  std::string source;      // a directory, or "s3://bucket/prefix"; empty: only what is added
  std::string public_url;  // where the source's files are public; empty: nowhere
  bool is_private = false;

  struct bucket_place {
    std::string bucket;
    std::string prefix;
  };
  /// Of "s3://bucket/prefix"; nothing for a directory.
  [[nodiscard]] std::optional<bucket_place> bucket() const;
};

/// All of them by name.
struct collections_config {
  std::map<std::string, collection_config> all;

  /// What is configured of a collection; one that is not is public and has no source.
  [[nodiscard]] collection_config const& of(std::string const& name) const noexcept;
};

/// The system's sections of the configuration.
void configure_captures(settings::settings_table& to);

}  // namespace vinny
