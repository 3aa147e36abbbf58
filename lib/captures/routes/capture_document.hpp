// SPDX-License-Identifier: MIT
//
// Captures as the API tells them (proto/openapi.yaml): each with the addresses of its thumbnails,
// the store's own where a thumbnail is valid, else the route that makes it.
#pragma once

#include <string>
#include <vector>

#include "blob/s3/s3_signer.hpp"
#include "captures/model/capture_settings.hpp"
#include "captures/tables/captures.hpp"
#include "config/config.hpp"
#include "core/time.hpp"

namespace vinny {

class capture_addresses {
 public:
  /// `base` is what the route begins with ("http://127.0.0.1:8787"), or empty: then it is a path.
  /// Signed addresses hold from `at` on. `settings` must outlive it.
  capture_addresses(config const& settings, std::string base, instant at);

  /// Of an object of ours: public, or signed.
  [[nodiscard]] std::string of_object(std::string const& key) const;
  /// Of a capture's own file; empty: it has none.
  [[nodiscard]] std::string of_source(capture const& what) const;
  [[nodiscard]] std::string of_thumbnail(listed_capture const& what,
                                         thumbnail_size const& size) const;
  /// Nothing: it is not of that size, or not valid.
  [[nodiscard]] static thumbnail const* valid(listed_capture const& what,
                                              thumbnail_size const& size) noexcept;

  /// {"id","collection","location","url","bytes","modified_at","thumbnails":{label: url}};
  /// `thumbnails` is null in a private collection: an <img> sends no token.
  void append(std::string& to, listed_capture const& what) const;
  /// {"captures":[…],"next":cursor or null}. `rows`: one more than `limit`, where there are more.
  [[nodiscard]] std::string page(std::vector<listed_capture> const& rows, std::size_t limit) const;

 private:
  config const& settings_;
  std::string base_;
  instant signed_at_;
  std::optional<s3_signer> signer_;  // none: the store is public
};

}  // namespace vinny
