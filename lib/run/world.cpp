// SPDX-License-Identifier: MIT
#include "run/world.hpp"

#include <stdexcept>

#include "blob/closed_store.hpp"
#include "blob/directory_store.hpp"
#include "blob/s3/s3_store.hpp"
#include "model/subsystem.hpp"
#include "policy/user_agent.hpp"

namespace vinny {

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

std::unique_ptr<object_store> make_store(config const& settings, s3_client* bucket,
                                         asio::thread_pool& cpu) {
  if (settings.store.kind == "directory") {
    return std::make_unique<directory_store>(settings.data_dir / settings.store.directory, cpu);
  }
  if (bucket == nullptr) return std::make_unique<closed_store>();
  return std::make_unique<s3_store>(*bucket, cpu);
}

world::world(std::shared_ptr<config const> with, host_registry& hosts, dns_cache& resolver,
             catalog& known, asio::thread_pool& cpu)
    : settings(std::move(with)),
      names(resolver),
      facts(known),
      tls(settings->http.ca_file),
      dial(names, tls, settings->http, !settings->contact.empty(), settings->politeness.patience),
      pool(dial),
      web(*settings, hosts, pool, cpu),
      service_dial(names, tls, settings->http, !settings->contact.empty(),
                   settings->politeness.patience),
      service_pool(service_dial),
      bucket(make_bucket(*settings, service_dial)),
      store(make_store(*settings, bucket.get(), cpu)),
      slack(slack::make(*settings, service_pool, service_dial)),
      sentry(sentry::make(*settings, service_pool, service_dial)) {
  for (auto const* const system : systems()) {
    if (system->connect != nullptr) gears_[system->name] = system->connect(*this);
  }
}

}  // namespace vinny
