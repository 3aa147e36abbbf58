// SPDX-License-Identifier: MIT
#include "captures/stages/capture_gear.hpp"

#include <stdexcept>

#include "captures/model/capture_settings.hpp"
#include "policy/user_agent.hpp"

namespace vinny {

store_config bucket_settings(store_config store, collection_config::bucket_place const& place) {
  store.bucket = place.bucket;
  store.prefix.clear();
  return store;
}

capture_gear::capture_gear(config const& settings, dialer& dial) {
  bool const keys =
      !settings.store.access_key_id.empty() && !settings.store.secret_access_key.empty();
  for (auto const& [name, one] : settings.of<collections_config>().all) {
    auto const place = one.bucket();
    if (!place || !keys) continue;
    auto& made = buckets[name];
    made.settings = bucket_settings(settings.store, *place);
    made.prefix = place->prefix;
    auto where = s3_address::from(made.settings);
    if (!where) throw std::runtime_error{where.error().message};
    made.client = std::make_unique<s3_client>(made.settings, settings.http, std::move(*where),
                                              user_agent(settings.contact), dial);
  }
}

}  // namespace vinny
