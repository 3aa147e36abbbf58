// SPDX-License-Identifier: MIT
#include "run/context.hpp"

#include <algorithm>
#include <thread>

#include "model/subsystem.hpp"

namespace vinny {
namespace {

// A core must find its next job while the loop takes up what became of the last one.
constexpr int turns_a_core = 4;

}  // namespace

run_context::run_context(std::shared_ptr<world> with, catalog& known, asio::thread_pool& threads,
                         file_root root, std::shared_ptr<job> asked_for, run_record named)
    : outside(std::move(with)),
      settings(*outside->settings),
      facts(known),
      web(outside->web, asked_for->places().front()),
      store(*outside->store),
      cpu(threads),
      files(std::move(root)),
      work(std::move(asked_for)),
      record(std::move(named)),
      disk(settings.data_dir, settings.min_free),
      cpu_turns(turns_a_core *
                static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))) {
  for (auto const& one : all_steps()) stages_.try_emplace(one.step.name);
  for (auto const* const system : systems()) {
    if (system->counters != nullptr) counters_.push_back(system->counters());
  }
}

void run_context::wake_all() {
  for (auto& [name, stage] : stages_) stage.wake.notify_all();
}

tally run_context::totals() const {
  tally out;
  for (auto const& one : counters_) {
    one->each([&](counter_name const& named, std::int64_t value) { out.add(named.name, value); });
  }
  out.set("deferred", deferred);
  return out;
}

run_record run_context::snapshot() const {
  auto out = record;
  out.counts = totals();
  return out;
}

void run_context::note_halt(result<> const& outcome) {
  if (!outcome && outcome.error().code != errc::cancelled) halts.push_back(outcome.error());
}

}  // namespace vinny
