// SPDX-License-Identifier: MIT
//
// Where images become durable together: the data of all files, their names, then one transaction.
// A group is what has come while the last one was under way, so that the disk sets its size.
// Lives on the loop.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <optional>
#include <vector>

#include "blob/file.hpp"
#include "run/context.hpp"
#include "specimens/tables/specimen_work.hpp"
#include "task/condition.hpp"

namespace vinny {

class specimen_shelf {
 public:
  explicit specimen_shelf(run_context& context) : context_(context) {}

  /// Puts an image there, with its file unless that is in its place already; on disk and in the
  /// catalog when it returns. False: the image is no work any more.
  [[nodiscard]] task<result<bool>> put(specimen_success done, std::optional<file_draft> draft);

  /// Works until it is cancelled. Two of them keep disk and catalog busy at once.
  [[nodiscard]] task<> serve();

 private:
  struct group {
    std::vector<specimen_success> images;
    std::vector<std::optional<file_draft>> drafts;
    std::vector<result<bool>> outcomes;
    bool ended = false;
    condition end;
  };
  [[nodiscard]] task<> keep(std::shared_ptr<group> which);

  run_context& context_;
  asio::thread_pool disk_{1};  // waits for the disk, and costs no core meanwhile
  std::shared_ptr<group> filling_ = std::make_shared<group>();
  condition filled_;
};

}  // namespace vinny
