// SPDX-License-Identifier: MIT
#include "run/health/explain.hpp"

#include "core/time.hpp"
#include "model/subsystem.hpp"

namespace vinny {

std::vector<explanation> explain(database& db, std::string const& subject) {
  std::vector<explanation> out;
  for (auto const* const system : systems()) {
    if (system->explain != nullptr) system->explain(db, subject, out);
  }
  for (auto& one : out) {
    std::erase_if(one.facts, [](auto const& fact) { return fact.second.empty(); });
  }
  return out;
}

std::string due_text(std::int64_t due_ms) {
  return due_ms <= now().time_since_epoch().count()
             ? "now"
             : to_rfc3339(instant{std::chrono::milliseconds{due_ms}});
}

}  // namespace vinny
