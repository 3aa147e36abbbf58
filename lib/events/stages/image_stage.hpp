// SPDX-License-Identifier: MIT
//
// image → file → renditions: fetch a distinct image once, prove that it is one, make the sizes
// that are wanted of it, write them, record them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/model/event_counts.hpp"
#include "events/stages/image_reopening.hpp"
#include "events/stages/source_cache.hpp"
#include "events/tables/images.hpp"
#include "run/context.hpp"
#include "run/stage.hpp"

namespace vinny {

class image_stage {
 public:
  static constexpr auto step = step::images;
  using input = image_job;
  struct output {
    bool fetched = false;
    source_facts source;
    std::vector<made_rendition> made;
  };

  explicit image_stage(run_context& context);
  /// What had been refused and may be asked for again.
  [[nodiscard]] task<result<>> open();

  task<result<std::vector<image_job>>> claim(std::size_t limit);
  void release(image_job const& job);
  [[nodiscard]] int attempts_allowed(image_job const& job) const;
  task<result<work_outlook>> outlook();
  task<result<output>> run(image_job const& job, deadline limit);
  task<result<>> finish(image_job const& job, output out);
  task<result<>> postpone(image_job const& job, failure const& why, int attempts,
                          std::int64_t due_ms);
  task<result<bool>> give_up(image_job const& job, failure const& why, int attempts);
  [[nodiscard]] std::string address(image_job const& job) const { return safe_url(job.url); }

 private:
  [[nodiscard]] std::vector<std::string> hosts_for(image_job const& job) const;
  [[nodiscard]] std::uint32_t pixels_of(std::string const& size) const;
  [[nodiscard]] std::vector<std::uint32_t> all_sizes() const;
  /// The image's bytes, by a request or from a moment ago.
  [[nodiscard]] task<result<source_cache::body>> fetch(image_job const& job, bool& asked,
                                                       deadline limit);

  run_context& context_;
  std::set<std::int64_t> active_;
  std::map<std::string, int> per_host_;
  std::set<std::string> keys_;  // of the files that are being made
  std::string last_host_;
  source_cache recent_;
  image_reopening reopening_;
};

/// The second step: looks after the files that should be there, then works the list.
[[nodiscard]] task<result<>> download_images(run_context& context,
                                             std::function<bool()> more_may_come);

}  // namespace vinny
