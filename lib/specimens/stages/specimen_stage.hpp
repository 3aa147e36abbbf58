// SPDX-License-Identifier: MIT
//
// image → file, for specimens: the first candidate that gives a usable image is verified, made
// small and kept. Hosts take turns; one that wants a rest costs the others nothing.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/hosts.hpp"
#include "run/context.hpp"
#include "run/stage.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/stages/specimen_fetch.hpp"
#include "specimens/stages/specimen_hosts.hpp"
#include "specimens/stages/specimen_reopening.hpp"
#include "specimens/stages/specimen_shelf.hpp"
#include "specimens/tables/specimen_work.hpp"

namespace vinny {

class specimen_stage {
 public:
  static constexpr auto step = step::specimens;
  using input = specimen_job;
  using output = fetched_specimen;

  explicit specimen_stage(run_context& context)
      : context_(context), fetch_(context), shelf_(context), reopening_(context) {}
  /// Which hosts have work.
  [[nodiscard]] task<result<>> open();
  /// How many images are worth being in hand at once.
  [[nodiscard]] int workers() const;
  [[nodiscard]] specimen_shelf& shelf() noexcept { return shelf_; }

  task<result<std::vector<specimen_job>>> claim(std::size_t limit);
  void release(specimen_job const& job);
  [[nodiscard]] int attempts_allowed(specimen_job const& job) const;
  task<result<work_outlook>> outlook();
  task<result<output>> run(specimen_job const& job, deadline limit);
  task<result<>> finish(specimen_job const& job, output out);
  task<result<>> postpone(specimen_job const& job, failure const& why, int attempts,
                          std::int64_t due_ms);
  task<result<bool>> give_up(specimen_job const& job, failure const& why, int attempts);
  [[nodiscard]] std::string address(specimen_job const& job) const {
    return job.urls.empty() ? std::string{} : safe_url(job.urls.front());
  }

 private:
  /// Fills the hosts' stocks, and gives what is due again, at most `most`.
  [[nodiscard]] task<result<std::vector<specimen_job>>> read_work(std::size_t most);
  /// What has become of hosts, also by an operator's word.
  void update_hosts(std::vector<known_host> const& hosts);

  run_context& context_;
  std::optional<specimen_hosts> hosts_;
  specimen_fetch fetch_;
  specimen_shelf shelf_;
  specimen_reopening reopening_;
  int came_back_ = 0;                                  // of context_.came_back, what was heeded
  std::set<std::int64_t> again_;                       // in hand, of those that have failed before
  std::set<std::int64_t> released_;                    // since the claim that is under way began
  clock::time_point next_look_{};                      // for what is due again
  std::pair<std::int64_t, std::int64_t> looked_to_{};  // due time and image of the last one seen
  std::int64_t refused_to_ms_ = 0;  // everything due up to here belongs to hosts that rest
};

/// Works on all specimens that are pending or due again. Errors: what halts.
[[nodiscard]] task<result<>> download_specimens(run_context& context);

}  // namespace vinny
