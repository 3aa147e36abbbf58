// SPDX-License-Identifier: MIT
//
// What captures connect to, besides hosts and the store.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "blob/s3/s3_client.hpp"
#include "captures/model/capture_settings.hpp"
#include "config/config.hpp"

namespace vinny {

/// Another bucket at the store's endpoint, with its keys.
[[nodiscard]] store_config bucket_settings(store_config store,
                                           collection_config::bucket_place const& place);

/// The bucket that a collection of captures is kept in step with.
struct capture_bucket {
  store_config settings;
  std::string prefix;  // of the keys that are captures
  std::unique_ptr<s3_client> client;
};

struct capture_gear {
  static constexpr std::string_view system = "captures";
  std::map<std::string, capture_bucket> buckets;  // by collection

  /// Throws std::runtime_error when an endpoint is of no use. Lifetime: `dial` outlives it.
  capture_gear(config const& settings, dialer& dial);
};

}  // namespace vinny
