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
    : limits(std::move(politeness)),
      state(limits_of(limits)),
      slots(state.concurrency()),
      allowed_(state.concurrency()) {}

void lane::restore(lane_state const& before) {
  state.restore(before, now());
  kept = before;
  fit_slots();
}

void lane::change(host_change const& how) {
  state.change(how, now());
  fit_slots();
}

void lane::set_limits(politeness_config politeness) {
  limits = std::move(politeness);
  state.set_limits(limits_of(limits));
  fit_slots();
}

void lane::succeeded() {
  state.succeeded();
  fit_slots();
}

void lane::failed() {
  state.failed(now());
  fit_slots();
}

void lane::fit_slots() {
  slots.resize(state.concurrency() - allowed_);
  allowed_ = state.concurrency();
}

lane_registry::lane_registry(config const& settings, host_memory* memory)
    : settings_(&settings), memory_(memory) {
  if (memory_ == nullptr) return;
  for (auto const& [host, state] : memory_->lanes()) of(host).restore(state);
}

lane& lane_registry::of(std::string const& host) {
  auto& place = lanes_[bare_host(host)];
  if (!place) place = std::make_unique<lane>(settings_->politeness_of(host));
  return *place;
}

void lane_registry::reconfigure(config const& settings) {
  settings_ = &settings;
  for (auto const& [host, one] : lanes_) one->set_limits(settings.politeness_of(host));
}

task<> lane_registry::keep(std::string const& host, lane& which) {
  which.kept = which.state.state();
  if (memory_ != nullptr) co_await memory_->keep_lane(bare_host(host), which.state.state());
}

}  // namespace vinny
