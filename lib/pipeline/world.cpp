// SPDX-License-Identifier: MIT
#include "pipeline/world.hpp"

#include <stdexcept>

#include "blob/directory_store.hpp"

namespace vinny {

std::unique_ptr<object_store> make_store(config const& settings, asio::thread_pool& cpu) {
  if (settings.store.kind == "directory") {
    return std::make_unique<directory_store>(settings.data_dir / settings.store.directory, cpu);
  }
  throw std::runtime_error{"store.kind = \"s3\" is not supported by this version; use \"directory\""};
}

world::world(std::shared_ptr<config const> with, catalog& facts, database& reader,
             asio::any_io_executor const& loop, asio::thread_pool& cpu)
    : settings(std::move(with)),
      memory(facts, reader),
      dns(loop),
      tls(settings->http.ca_file),
      dial(dns, tls, settings->http, !settings->contact.empty()),
      pool(dial),
      web(*settings, pool, cpu, &memory),
      store(make_store(*settings, cpu)),
      d1(d1_rest::make(*settings, pool, dial)) {}

}  // namespace vinny
