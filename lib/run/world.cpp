// SPDX-License-Identifier: MIT
#include "run/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "blob/closed_store.hpp"
#include "blob/directory_store.hpp"
#include "blob/s3_store.hpp"
#include "library/postgres/postgres_library.hpp"
#include "library/tables/catalog_library.hpp"
#include "policy/user_agent.hpp"

namespace vinny {

store_config bucket_settings(store_config store, collection_config::bucket_place const& place) {
  store.bucket = place.bucket;
  store.prefix.clear();
  return store;
}

namespace {

std::map<std::string, capture_bucket> make_capture_buckets(config const& settings, dialer& dial) {
  std::map<std::string, capture_bucket> out;
  bool const keys =
      !settings.store.access_key_id.empty() && !settings.store.secret_access_key.empty();
  for (auto const& [name, one] : settings.collections) {
    auto const place = one.bucket();
    if (!place || !keys) continue;
    auto& made = out[name];
    made.settings = bucket_settings(settings.store, *place);
    made.prefix = place->prefix;
    auto where = s3_address::from(made.settings);
    if (!where) throw std::runtime_error{where.error().message};
    made.client = std::make_unique<s3_client>(made.settings, settings.http, std::move(*where),
                                              user_agent(settings.contact), dial);
  }
  return out;
}

}  // namespace

std::unique_ptr<library> make_library(config const& settings, dns_cache& names, catalog& facts) {
  if (settings.library.database.empty()) return std::make_unique<catalog_library>(facts);
  return std::make_unique<postgres_library>(settings.library, settings.politeness.retries + 1,
                                            names, &facts);
}

std::unique_ptr<s3_client> make_bucket(config const& settings, dialer& dial) {
  if (settings.store.kind != "s3") return nullptr;
  if (settings.store.access_key_id.empty() || settings.store.secret_access_key.empty()) {
    return nullptr;
  }
  auto where = s3_address::from(settings.store);
  if (!where) throw std::runtime_error{where.error().message};
  return std::make_unique<s3_client>(settings.store, settings.http, std::move(*where),
                                     user_agent(settings.contact), dial);
}

std::string store_name(config const& settings) {
  auto const& store = settings.store;
  if (store.kind == "directory") {
    std::error_code ignored;
    auto const place = std::filesystem::absolute(settings.data_dir / store.directory, ignored);
    return "directory " + place.lexically_normal().string();
  }
  return fmt::format("s3 {} {} {}", store.endpoint, store.bucket, store.prefix);
}

std::unique_ptr<object_store> make_store(config const& settings, s3_client* bucket,
                                         asio::thread_pool& cpu) {
  if (settings.store.kind == "directory") {
    return std::make_unique<directory_store>(settings.data_dir / settings.store.directory, cpu);
  }
  if (bucket == nullptr) return std::make_unique<closed_store>();
  return std::make_unique<s3_store>(*bucket, cpu);
}

world::world(std::shared_ptr<config const> with, host_registry& hosts, dns_cache& names,
             catalog& facts, asio::thread_pool& cpu)
    : settings(std::move(with)),
      tls(settings->http.ca_file),
      dial(names, tls, settings->http, !settings->contact.empty(), settings->politeness.patience),
      pool(dial),
      web(*settings, hosts, pool, cpu),
      service_dial(names, tls, settings->http, !settings->contact.empty(),
                   settings->politeness.patience),
      service_pool(service_dial),
      bucket(make_bucket(*settings, service_dial)),
      store(make_store(*settings, bucket.get(), cpu)),
      capture_buckets(make_capture_buckets(*settings, service_dial)),
      d1(d1_rest::make(*settings, service_pool, service_dial)),
      slack(slack::make(*settings, service_pool, service_dial)),
      sentry(sentry::make(*settings, service_pool, service_dial)),
      library(make_library(*settings, names, facts)),
      lookups(lookup_service::make(*settings, service_pool, service_dial)) {}

}  // namespace vinny
