// SPDX-License-Identifier: MIT
#include "clocks/stages/wind_job.hpp"

#include <fmt/format.h>

#include <set>

#include "catalog/runs.hpp"
#include "clocks/model/clock_counts.hpp"
#include "clocks/model/clock_settings.hpp"
#include "clocks/tables/clocks.hpp"
#include "run/patient.hpp"
#include "run/stage.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 1> place{"clocks"};

class wind_stage {
 public:
  static constexpr auto step = step::clocks;
  using input = clock_row;
  using output = bool;

  explicit wind_stage(run_context& run) : run_(run) {}

  task<result<std::vector<clock_row>>> claim(std::size_t limit) {
    auto all = co_await run_.facts.read([](database& db) { return list_clocks(db, true); });
    if (!all) co_return std::unexpected(all.error());
    std::erase_if(*all, [this](clock_row const& one) { return active_.contains(one.id); });
    if (all->size() > limit) all->resize(limit);
    for (auto const& one : *all) active_.insert(one.id);
    co_return std::move(*all);
  }
  void release(clock_row const& one) { active_.erase(one.id); }
  task<result<work_outlook>> outlook() {
    co_return co_await run_.facts.read([](database& db) {
      return work_outlook{.pending = std::ssize(list_clocks(db, true)), .next_due_ms = 0};
    });
  }
  task<result<bool>> run(clock_row const& one, deadline) {
    if (one.name.starts_with("broken")) {
      co_return fail(errc::not_found, fmt::format("{}: its key is missing", one.name));
    }
    co_return true;
  }
  task<result<>> finish(clock_row const& one, bool) {
    ++run_.counts<clock_counts>().clocks_wound;
    co_return co_await run_.facts.write([id = one.id](database& db) { set_wound(db, id); });
  }
  task<result<>> postpone(clock_row const&, failure const&, int, std::int64_t) {
    co_return result<>{};
  }
  task<result<bool>> give_up(clock_row const& one, failure const& why, int attempts) {
    ++run_.counts<clock_counts>().clocks_broken;
    auto const gone = co_await run_.facts.write(
        [id = one.id, run = run_.record.id,
         row = to_run_error(name(step), one.name, {}, why, attempts)](database& db) {
          take_off(db, id);
          add_run_error(db, run, row, to_rfc3339(now()));
        });
    if (!gone) co_return std::unexpected(gone.error());
    co_return true;
  }
  [[nodiscard]] std::string address(clock_row const& one) const { return one.name; }
  [[nodiscard]] int attempts_allowed(clock_row const&) const { return 1; }

 private:
  run_context& run_;
  std::set<std::int64_t> active_;
};

}  // namespace

task<> wind_job::run(run_context& run) {
  auto const put = co_await run.facts.write(
      [names = run.settings.of<clocks_config>().shelf](database& db) { put_on_shelf(db, names); });
  run.note_halt(put);
  if (!put) co_return;
  wind_stage stage{run};
  run.note_halt(co_await run_stage(run, stage, {.workers = 2}));
}

std::span<std::string_view const> wind_job::places() const {
  return place;
}

result<std::shared_ptr<job>> parse_wind(boost::json::object const&) {
  return std::make_shared<wind_job>();
}

}  // namespace vinny
