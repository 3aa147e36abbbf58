// SPDX-License-Identifier: MIT
//
// A specimen's file → object: puts behind the download what the store has not confirmed.
#pragma once

#include <string>
#include <vector>

#include "blob/object_store.hpp"
#include "run/context.hpp"
#include "run/read_ahead.hpp"
#include "run/stage.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/tables/specimen_objects.hpp"

namespace vinny {

class specimen_upload {
 public:
  static constexpr auto step = step::upload;
  using input = specimen_object;
  using output = stored_object;

  explicit specimen_upload(run_context& context) : context_(context) {}

  task<result<std::vector<specimen_object>>> claim(std::size_t limit);
  void release(specimen_object const& job) { ahead_.release(job); }
  [[nodiscard]] int attempts_allowed(specimen_object const&) const {
    return context_.settings.store.retries + 1;
  }
  task<result<work_outlook>> outlook();
  task<result<stored_object>> run(specimen_object const& job, deadline limit);
  task<result<>> finish(specimen_object const& job, stored_object out);
  task<result<>> postpone(specimen_object const& job, failure const& why, int attempts,
                          std::int64_t due_ms);
  task<result<bool>> give_up(specimen_object const& job, failure const& why, int attempts);
  [[nodiscard]] std::string address(specimen_object const& job) const { return job.key(); }

 private:
  run_context& context_;
  read_ahead<specimen_object, std::int64_t> ahead_{
      [](specimen_object const& job) { return job.id.number(); }};
};

/// Puts the files of specimens into the store, until there are none and no more come.
[[nodiscard]] task<result<>> upload_specimens(run_context& context,
                                              std::function<bool()> more_may_come);

}  // namespace vinny
