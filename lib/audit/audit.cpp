// SPDX-License-Identifier: MIT
#include "audit/audit.hpp"

#include <array>

#include "audit/verify_job.hpp"
#include "command/command_line.hpp"
#include "run/ledger.hpp"

namespace vinny {
namespace {

std::string line_of_all(tally const& counts) {
  std::string out;
  for (auto const* const system : systems()) {
    if (system->ledger == nullptr) continue;
    out += (out.empty() ? "" : ", ") + system->ledger->line(counts);
  }
  return out;
}

std::string report_of_all(tally const& counts) {
  std::string out;
  for (auto const* const system : systems()) {
    if (system->ledger != nullptr) out += system->ledger->report(counts);
  }
  return out;
}

std::int64_t mismatches_of_all(tally const& counts) {
  std::int64_t out = 0;
  for (auto const* const system : systems()) {
    if (system->ledger != nullptr) out += system->ledger->mismatches(counts);
  }
  return out;
}

constexpr std::array<job_kind, 1> kinds{{{.pipeline = "verify",
                                          .parse = parse_verify,
                                          .line = line_of_all,
                                          .report = report_of_all,
                                          .mismatches = mismatches_of_all}}};

void add_verbs(command_line& to) {
  to.add_run(to.root(), "verify",
             "Ask the store about everything that is recorded, and repair what is not there",
             std::make_shared<verify_job>());
}

}  // namespace

constinit subsystem const audit_system{.name = "audit", .jobs = kinds, .command = add_verbs};

}  // namespace vinny
