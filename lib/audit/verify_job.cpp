// SPDX-License-Identifier: MIT
#include "audit/verify_job.hpp"

#include <vector>

#include "model/subsystem.hpp"
#include "run/context.hpp"
#include "run/ledger.hpp"

namespace vinny {

task<> verify_job::run(run_context& run) {
  for (auto const* const system : systems()) {
    if (system->ledger != nullptr) run.note_halt(co_await system->ledger->verify(run));
  }
}

std::span<std::string_view const> verify_job::places() const {
  static auto const all = [] {
    std::vector<std::string_view> out;
    for (auto const* const system : systems()) {
      if (system->ledger != nullptr) out.push_back(system->name);
    }
    return out;
  }();
  return all;
}

result<std::shared_ptr<job>> parse_verify(boost::json::object const&) {
  return std::make_shared<verify_job>();
}

}  // namespace vinny
