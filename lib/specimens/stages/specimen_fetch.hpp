// SPDX-License-Identifier: MIT
//
// From an image's addresses to a file that is verified, made small and drafted: the candidates one
// after the other, manifests resolved, bodies and open files bounded. Knows nothing of the work
// list. Lives on the loop.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "run/context.hpp"
#include "specimens/stages/specimen_keep.hpp"
#include "specimens/tables/specimen_work.hpp"
#include "task/semaphore.hpp"

namespace vinny {

struct fetched_specimen {
  specimen_file file;
  std::string host;                 // that gave it
  std::optional<file_draft> draft;  // none: it was there already
  semaphore::permit place{};        // of the draft
};

class specimen_fetch {
 public:
  explicit specimen_fetch(run_context& context);

  /// Files on disk that are older are not taken over.
  void adopt_from(std::filesystem::file_time_type not_before) noexcept { not_before_ = not_before; }
  /// The image, from the disk or from the first address that gives a usable one. Of a deferral, the
  /// evidence is the host that wants a rest.
  [[nodiscard]] task<result<fetched_specimen>> get(specimen_job const& job, deadline limit);

 private:
  [[nodiscard]] task<result<std::optional<specimen_file>>> on_disk(specimen_job const& job);
  [[nodiscard]] task<result<fetched_specimen>> try_candidate(specimen_job const& job,
                                                             std::string const& url,
                                                             deadline limit);
  [[nodiscard]] task<result<fetched_specimen>> try_manifest(specimen_job const& job,
                                                            std::string const& url, deadline limit);
  [[nodiscard]] task<result<fetched_specimen>> try_image(specimen_job const& job,
                                                         std::string const& url, deadline limit);
  [[nodiscard]] task<result<std::shared_ptr<void>>> room_for_one(deadline until);
  /// Drops what has come, which may take the disk a while.
  [[nodiscard]] task<> discard(std::shared_ptr<received_body> body);
  [[nodiscard]] task<result<>> spill(std::shared_ptr<received_body> into, std::string piece,
                                     bool first);
  [[nodiscard]] task<result<kept_image>> keep(specimen_job const& job, response answer,
                                              std::shared_ptr<received_body> body,
                                              std::string path);

  run_context& context_;
  semaphore bodies_;  // in memory: until they are digested
  semaphore drafts_;  // open files: until they are in their place
  std::filesystem::file_time_type not_before_ = std::filesystem::file_time_type::min();
};

}  // namespace vinny
