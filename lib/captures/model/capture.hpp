// SPDX-License-Identifier: MIT
//
// Captures: single pictures of a collection, and the thumbnails that are made of them when they are
// first asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vinny {

/// Where a capture's bytes are.
enum class capture_origin {
  url = 0,        // location: a URL
  store = 1,      // location: a key in our own store, where an upload was put
  directory = 2,  // location: a path below the collection's directory
  bucket = 3      // location: a key in the collection's bucket
};

struct capture {
  std::int64_t id = 0;
  std::string collection{};
  capture_origin origin = capture_origin::url;
  std::string location;
  std::int64_t bytes = 0;  // 0: not known
  std::string etag{};      // empty: not known
  /// When the source's bytes changed last, in milliseconds since the epoch: its version. It never
  /// goes back; nothing: not known.
  std::optional<std::int64_t> modified_ms{};
};

/// What is recorded of a thumbnail.
struct thumbnail {
  std::string label;
  std::string key;          // in the store; empty: it was never finished
  std::uint32_t width = 0;  // as it was asked for, not as it came out
  std::uint32_t height = 0;
  std::int64_t bytes = 0;
  std::optional<std::int64_t> source_ms{};  // the version that was read
};

}  // namespace vinny
