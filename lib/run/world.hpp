// SPDX-License-Identifier: MIT
//
// Everything outside that one configuration reaches: hosts by the polite client, the store, and
// what each system connects to. A new configuration makes a new one; a run keeps the one it began
// with.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <map>
#include <memory>
#include <string_view>

#include "alerts/sentry.hpp"
#include "alerts/slack.hpp"
#include "blob/object_store.hpp"
#include "blob/s3/s3_client.hpp"
#include "catalog/catalog.hpp"
#include "config/config.hpp"
#include "http/polite_client.hpp"

namespace vinny {

struct world {
  /// Throws std::runtime_error when the configuration cannot be put to work (an unreadable
  /// ca_file, a store without its keys).
  /// Lifetime: all but `with` outlive it.
  world(std::shared_ptr<config const> with, host_registry& hosts, dns_cache& resolver,
        catalog& known, asio::thread_pool& cpu);

  std::shared_ptr<config const> settings;
  dns_cache& names;
  catalog& facts;
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
  std::unique_ptr<vinny::slack> slack;    // null: it is not configured
  std::unique_ptr<vinny::sentry> sentry;  // null: it is not configured

  /// What the system of that name has connected to: Gear::system names it.
  template <class Gear>
  [[nodiscard]] Gear& gear() const {
    return *static_cast<Gear*>(gears_.at(Gear::system).get());
  }

 private:
  std::map<std::string_view, std::shared_ptr<void>> gears_;
};

/// The bucket that the configuration names; null for a directory, and without keys. Throws
/// std::runtime_error when the endpoint is of no use.
[[nodiscard]] std::unique_ptr<s3_client> make_bucket(config const& settings, dialer& dial);
/// The store over it; one that refuses with the reason where keys are missing.
[[nodiscard]] std::unique_ptr<object_store> make_store(config const& settings, s3_client* bucket,
                                                       asio::thread_pool& cpu);

}  // namespace vinny
