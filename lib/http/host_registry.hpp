// SPDX-License-Identifier: MIT
//
// What the process holds every host to, whoever asks and under whichever configuration: its lane,
// its robots.txt, and how many requests are in flight in all. There is one, so that a reload while
// a run goes on doubles no pace. On the loop.
#pragma once

#include "config/config.hpp"
#include "http/lanes.hpp"
#include "http/robots_cache.hpp"
#include "task/semaphore.hpp"

namespace vinny {

class host_registry {
 public:
  /// Lifetime: `settings` are read until reconfigure() gives others. `memory` may be null.
  host_registry(config const& settings, host_memory* memory)
      : lanes_(settings, memory),
        robots_(memory),
        permits_(settings.http.concurrency),
        concurrency_(settings.http.concurrency) {}

  /// Other settings are in force: what lanes and permits allow follows at once.
  void reconfigure(config const& settings);

  [[nodiscard]] lane_registry& lanes() noexcept { return lanes_; }
  [[nodiscard]] robots_cache& robots() noexcept { return robots_; }
  [[nodiscard]] semaphore& permits() noexcept { return permits_; }
  [[nodiscard]] int in_flight() const noexcept { return concurrency_ - permits_.free(); }

 private:
  lane_registry lanes_;
  robots_cache robots_;
  semaphore permits_;
  int concurrency_;
};

}  // namespace vinny
