// SPDX-License-Identifier: MIT
//
// What the HTTP client remembers about hosts, kept in the catalog: cooldowns and breakers survive
// a restart, robots.txt is asked once a day.
#pragma once

#include "catalog/catalog.hpp"
#include "http/host_memory.hpp"

namespace vinny {

/// What is kept of a host. Functions run inside catalog::write or catalog::read.
struct known_host {
  std::string name;
  lane_state state;
};
[[nodiscard]] std::vector<known_host> read_hosts(database& db);
void keep_host(database& db, std::string const& host, lane_state const& state);

/// Forgets hosts that nothing is to be remembered of at `at`, and robots.txt from before `before`.
void forget_hosts(database& db, std::string const& at, std::string const& before);

class catalog_host_memory final : public host_memory {
 public:
  /// Reads everything that is still of use. Throws SQLite::Exception.
  catalog_host_memory(catalog& owner, database& reader);

  [[nodiscard]] std::vector<std::pair<std::string, lane_state>> lanes() override;
  [[nodiscard]] task<> keep_lane(std::string host, lane_state state) override;
  [[nodiscard]] std::optional<robots_record> robots(std::string const& origin) override;
  void keep_robots(std::string const& origin, robots_record const& record) override;

 private:
  catalog& owner_;
  std::vector<std::pair<std::string, lane_state>> lanes_;
  std::map<std::string, robots_record> robots_;
};

}  // namespace vinny
