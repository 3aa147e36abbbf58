// SPDX-License-Identifier: MIT
//
// What is remembered about hosts, in two maps that a test can look into.
#pragma once

#include <map>
#include <string>

#include "http/host_memory.hpp"

namespace vinny::test {

class memory_double final : public host_memory {
 public:
  std::vector<std::pair<std::string, lane_state>> lanes() override {
    return {kept_lanes.begin(), kept_lanes.end()};
  }
  task<> keep_lane(std::string host, lane_state state) override {
    kept_lanes[host] = state;
    co_return;
  }
  std::optional<robots_record> robots(std::string const& origin) override {
    auto const found = kept_robots.find(origin);
    return found == kept_robots.end() ? std::nullopt : std::optional{found->second};
  }
  void keep_robots(std::string const& origin, robots_record const& record) override {
    kept_robots[origin] = record;
  }

  std::map<std::string, lane_state> kept_lanes;
  std::map<std::string, robots_record> kept_robots;
};

}  // namespace vinny::test
