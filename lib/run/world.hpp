// SPDX-License-Identifier: MIT
//
// Everything outside that one configuration reaches: hosts by the polite client, and the store. A
// new configuration makes a new world; a run keeps the one it began with.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <map>
#include <memory>
#include <string>

#include "alerts/sentry.hpp"
#include "alerts/slack.hpp"
#include "blob/object_store.hpp"
#include "blob/s3_client.hpp"
#include "catalog/catalog.hpp"
#include "config/config.hpp"
#include "events/publish/d1_rest.hpp"
#include "http/polite_client.hpp"
#include "library/source/library.hpp"
#include "library/source/lookup_service.hpp"

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

struct world {
  /// Throws std::runtime_error when the configuration cannot be put to work (an unreadable
  /// ca_file, a store without its keys).
  /// Lifetime: all but `with` outlive it.
  world(std::shared_ptr<config const> with, host_registry& hosts, dns_cache& names, catalog& facts,
        asio::thread_pool& cpu);

  std::shared_ptr<config const> settings;
  tls_context tls;
  dialer dial;
  connection_pool pool;
  polite_client web;
  /// What the operator named himself may be at a private address. Pages must not reach it: the
  /// services have a dialer and connections of their own.
  dialer service_dial;
  connection_pool service_pool;
  std::unique_ptr<s3_client> bucket;  // for store.kind = "s3"
  std::unique_ptr<object_store> store;
  std::map<std::string, capture_bucket> capture_buckets;  // by collection
  std::unique_ptr<d1_rest> d1;            // null: no database and token are configured
  std::unique_ptr<vinny::slack> slack;    // null: it is not configured
  std::unique_ptr<vinny::sentry> sentry;  // null: it is not configured
  std::unique_ptr<vinny::library> library;
  std::unique_ptr<lookup_service> lookups;  // null: none is configured
};

/// Names the store, so that what is known of one is not believed of another.
[[nodiscard]] std::string store_name(config const& settings);
/// The bucket that the configuration names; null for a directory, and without keys. Throws
/// std::runtime_error when the endpoint is of no use.
[[nodiscard]] std::unique_ptr<s3_client> make_bucket(config const& settings, dialer& dial);
/// The store over it; one that refuses with the reason where keys are missing.
[[nodiscard]] std::unique_ptr<object_store> make_store(config const& settings, s3_client* bucket,
                                                       asio::thread_pool& cpu);

}  // namespace vinny
