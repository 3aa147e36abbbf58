// SPDX-License-Identifier: MIT
//
// One lane a domain: its pace, its slots, its cooldown. Lanes are made on first use and live as
// long as the registry.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "http/host_memory.hpp"
#include "policy/host_lane.hpp"
#include "task/semaphore.hpp"

namespace vinny {

struct lane {
  explicit lane(politeness_config politeness);

  politeness_config limits;
  host_lane state;
  semaphore gate{1};  // held from the turn until the request is written: keeps the pace exact
  semaphore slots;    // requests in flight to this domain
  std::uint64_t starts = 0;  // requests written so far
  lane_state kept{};         // what was written down last

  /// See host_lane; the slots follow.
  void restore(lane_state const& before);
  void change(host_change const& how);
  void set_limits(politeness_config politeness);
  void succeeded();
  void failed();

 private:
  void fit_slots();

  int allowed_;  // slots, free or not
};

class lane_registry {
 public:
  /// Lifetime: `settings` are read until reconfigure() gives others. `memory` may be null.
  lane_registry(config const& settings, host_memory* memory);

  /// A host and its "www." share one lane.
  [[nodiscard]] lane& of(std::string const& host);
  /// Remembers the lane's cooldown and breaker; on disk when it returns.
  [[nodiscard]] task<> keep(std::string const& host, lane& which);
  /// Limits of lanes that there are become those of other settings.
  void reconfigure(config const& settings);
  [[nodiscard]] std::map<std::string, std::unique_ptr<lane>> const& all() const noexcept {
    return lanes_;
  }

 private:
  config const* settings_;
  host_memory* memory_;
  std::map<std::string, std::unique_ptr<lane>> lanes_;
};

}  // namespace vinny
