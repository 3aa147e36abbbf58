// SPDX-License-Identifier: MIT
#include "clocks/clocks.hpp"

#include <fmt/format.h>

#include "clocks/commands/clock_health.hpp"
#include "clocks/model/clock_counts.hpp"
#include "clocks/model/clock_settings.hpp"
#include "clocks/routes/clock_service.hpp"
#include "clocks/stages/wind_job.hpp"
#include "command/command_line.hpp"
#include "run/health/explain.hpp"

namespace vinny {
namespace {

std::string line(tally const& n) {
  return fmt::format("{} clocks wound", n["clocks_wound"]);
}
std::string report(tally const& n) {
  return fmt::format("  clocks   {} wound, {} broken\n", n["clocks_wound"], n["clocks_broken"]);
}

constexpr std::array<step_words, 1> steps{{{step::clocks, "clocks", "wound", true}}};
constexpr std::array<job_kind, 1> kinds{
    {{.pipeline = "clocks-wind", .parse = parse_wind, .line = line, .report = report}}};
constexpr clock_health shelf_is_full{};

void add_verbs(command_line& to) {
  auto& clocks = to.add_group("clocks", "A shelf of clocks");
  to.add_run(clocks, "wind", "Wind every clock on the shelf", std::make_shared<wind_job>());
}

void explain(database& db, std::string const& subject, std::vector<explanation>& to) {
  for (auto const& one : list_clocks(db, false)) {
    if (one.name != subject) continue;
    to.push_back({"clock", {{"name", one.name}, {"state", one.is_wound ? "wound" : "unwound"}}});
  }
}

}  // namespace

constinit subsystem const clocks_system{.name = "clocks",
                                        .tables = clock_tables,
                                        .steps = steps,
                                        .counters = make_counters<clock_counts>,
                                        .jobs = kinds,
                                        .health = &shelf_is_full,
                                        .configure = configure_clocks,
                                        .serve = serve_clocks,
                                        .command = add_verbs,
                                        .explain = explain};

}  // namespace vinny
