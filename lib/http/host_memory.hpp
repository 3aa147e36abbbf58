// SPDX-License-Identifier: MIT
//
// What must be remembered about hosts over a restart. The catalog implements it; without one,
// the process forgets.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "policy/host_lane.hpp"
#include "task/task.hpp"

namespace vinny {

struct robots_record {
  int status = 0;    // of the answer; 0: none came
  std::string body;  // when the status is 2xx
  instant fetched_at{};
};

class host_memory {
 public:
  virtual ~host_memory() = default;
  [[nodiscard]] virtual std::vector<std::pair<std::string, lane_state>> lanes() = 0;
  [[nodiscard]] virtual task<> keep_lane(std::string host, lane_state state) = 0;
  [[nodiscard]] virtual std::optional<robots_record> robots(std::string const& origin) = 0;
  virtual void keep_robots(std::string const& origin, robots_record const& record) = 0;
};

}  // namespace vinny
