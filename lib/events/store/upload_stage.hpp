// SPDX-License-Identifier: MIT
//
// rendition → object: put what the store has not confirmed, record what it confirms.
#pragma once

#include <string>
#include <vector>

#include "events/tables/objects.hpp"
#include "run/context.hpp"
#include "run/read_ahead.hpp"
#include "run/stage.hpp"

namespace vinny {

class upload_stage {
 public:
  static constexpr auto step = step::upload;
  using input = object_job;
  using output = stored_object;

  explicit upload_stage(run_context& context) : context_(context) {}

  task<result<std::vector<object_job>>> claim(std::size_t limit);
  void release(object_job const& job) { ahead_.release(job); }
  [[nodiscard]] int attempts_allowed(object_job const&) const {
    return context_.settings.store.retries + 1;
  }
  task<result<work_outlook>> outlook();
  task<result<stored_object>> run(object_job const& job, deadline limit);
  task<result<>> finish(object_job const& job, stored_object out);
  task<result<>> postpone(object_job const& job, failure const& why, int attempts,
                          std::int64_t due_ms);
  task<result<bool>> give_up(object_job const& job, failure const& why, int attempts);
  [[nodiscard]] std::string address(object_job const& job) const { return job.id.key(); }

 private:
  run_context& context_;
  read_ahead<object_job, std::string> ahead_{[](object_job const& job) { return job.id.key(); }};
};

/// The third step. With `validate`, the store is first asked about every object.
[[nodiscard]] task<result<>> upload_objects(run_context& context,
                                            std::function<bool()> more_may_come);

}  // namespace vinny
