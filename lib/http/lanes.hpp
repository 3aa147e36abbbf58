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
  void inherit(lane const& before);
  void succeeded();
  void failed();

 private:
  void fit_slots();

  int allowed_;  // slots, free or not
};

class lane_registry {
 public:
  lane_registry(config const& settings, host_memory* memory);

  /// A host and its "www." share one lane.
  [[nodiscard]] lane& of(std::string const& host);
  /// Remembers the lane's cooldown and breaker; on disk when it returns.
  [[nodiscard]] task<> keep(std::string const& host, lane& which);
  /// Pace, cooldowns and breakers of another registry, whose limits may differ.
  void inherit(lane_registry const& before);
  [[nodiscard]] std::map<std::string, std::unique_ptr<lane>> const& all() const noexcept {
    return lanes_;
  }

 private:
  config const& settings_;
  host_memory* memory_;
  std::map<std::string, std::unique_ptr<lane>> lanes_;
};

}  // namespace vinny
