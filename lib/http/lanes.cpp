// SPDX-License-Identifier: MIT
#include "http/lanes.hpp"

#include "core/host_name.hpp"

namespace vinny {
namespace {

lane_limits limits_of(politeness_config const& politeness) {
  return {.delay = politeness.delay,
          .concurrency = politeness.concurrency,
          .breaker_failures = politeness.breaker_failures,
          .breaker_rest = politeness.breaker_rest,
          .quarantine = {.errors = politeness.quarantine_errors,
                         .percent = politeness.quarantine_percent}};
}

}  // namespace

lane::lane(politeness_config politeness)
    : limits(std::move(politeness)), state(limits_of(limits)), slots(limits.concurrency) {}

void lane::restore(lane_state const& before) {
  auto const slots_before = state.concurrency();
  state.restore(before, now());
  kept = before;
  slots.resize(state.concurrency() - slots_before);
}

void lane::change(host_change const& how) {
  auto const before = state.concurrency();
  state.change(how, now());
  slots.resize(state.concurrency() - before);
}

lane_registry::lane_registry(config const& settings, host_memory* memory)
    : settings_(settings), memory_(memory) {
  if (memory_ == nullptr) return;
  for (auto const& [host, state] : memory_->lanes()) of(host).restore(state);
}

lane& lane_registry::of(std::string const& host) {
  auto& place = lanes_[bare_host(host)];
  if (!place) place = std::make_unique<lane>(settings_.politeness_of(host));
  return *place;
}

void lane_registry::inherit(lane_registry const& before) {
  for (auto const& [host, one] : before.lanes_) {
    auto& own = of(host);
    auto const slots = own.state.concurrency();
    own.state.inherit(one->state);
    own.kept = one->kept;
    own.slots.resize(own.state.concurrency() - slots);
  }
}

task<> lane_registry::keep(std::string const& host, lane& which) {
  which.kept = which.state.state();
  if (memory_ != nullptr) co_await memory_->keep_lane(bare_host(host), which.state.state());
}

}  // namespace vinny
