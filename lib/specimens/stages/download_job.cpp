// SPDX-License-Identifier: MIT
#include "specimens/stages/download_job.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "run/run.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/model/specimen_settings.hpp"
#include "specimens/stages/specimen_stage.hpp"
#include "specimens/store/specimen_upload.hpp"
#include "specimens/tables/specimen_totals.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

class download_words final : public slack_words {
 public:
  task<std::string> beginning(run_context& run) const override { return standing(run); }
  std::string so_far(tally const& counts) const override {
    return fmt::format("{} images fetched, {} were there, {} failed, {} left for a later run",
                       grouped(counts["specimens_fetched"]), grouped(counts["specimens_adopted"]),
                       grouped(counts["specimens_failed"]), grouped(counts["deferred"]));
  }
  std::int64_t items(tally const& counts) const override {
    return counts["specimens_fetched"] + counts["specimens_adopted"];
  }
  task<std::string> standing(run_context& run) const override {
    auto const totals = co_await run.facts.read(read_specimen_totals);
    if (!totals) co_return std::string{};
    auto const waiting =
        totals->of(specimen_state::pending) + totals->of(specimen_state::failed_transient);
    co_return fmt::format("{} of {} images are here, {} wait",
                          grouped(totals->of(specimen_state::success)),
                          grouped(totals->all_images()), grouped(waiting));
  }
};

}  // namespace

task<> download_job::run(run_context& run) {
  bool fetching = true;
  bool storing = run.settings.of<specimens_config>().upload;
  co_await with_group([&](task_group& group) -> task<bool> {
    group.spawn("specimens",
                overlapping_step(run, download_specimens(run), fetching, step::upload));
    if (storing) {
      auto upload = upload_specimens(run, [&] { return fetching; });
      group.spawn("upload", overlapping_step(run, std::move(upload), storing, step::specimens));
    }
    co_return true;
  });
}

slack_words const* download_job::words() const {
  static download_words const all;
  return &all;
}

result<std::shared_ptr<job>> parse_download(boost::json::object const&) {
  return std::make_shared<download_job>();
}

}  // namespace vinny
