// SPDX-License-Identifier: MIT
#include "model/subsystem.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vinny {
namespace {

std::vector<step_words> collect_steps() {
  std::vector<step_words> out;
  for (auto const* const system : systems()) {
    for (auto const& one : system->steps) {
      if (std::ranges::find(out, one.step, &step_words::step) == out.end()) out.push_back(one);
    }
  }
  return out;
}

}  // namespace

std::vector<step_words> const& all_steps() {
  static auto const all = collect_steps();
  return all;
}

job_kind const* find_job_kind(std::string_view pipeline) noexcept {
  for (auto const* const system : systems()) {
    auto const found = std::ranges::find(system->jobs, pipeline, &job_kind::pipeline);
    if (found != system->jobs.end()) return &*found;
  }
  return nullptr;
}

std::string run_line(std::string_view pipeline, tally const& counts) {
  auto const* const kind = find_job_kind(pipeline);
  auto const words = kind != nullptr && kind->line != nullptr ? kind->line(counts) : std::string{};
  return fmt::format("{}{}{} failed", words, words.empty() ? "" : ", ", counts.failed());
}

}  // namespace vinny
