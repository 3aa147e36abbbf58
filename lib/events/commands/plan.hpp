// SPDX-License-Identifier: MIT
//
// What a run would do, told without doing it: nothing is asked and nothing is written.
#pragma once

#include <string>

#include "catalog/database.hpp"
#include "config/config.hpp"
#include "events/model/sync_request.hpp"

namespace vinny {

struct run_plan {
  std::vector<std::pair<std::string, std::vector<std::string>>> sites;  // sitemap, venue tags
  std::int64_t pages_known = 0;
  std::int64_t pages_pending = 0;
  std::int64_t images_pending = 0;
  std::int64_t objects_pending = 0;
  std::string store;   // where objects go
  std::string target;  // where rows go
};

/// `db` may be null: there is no catalog yet. Error: not_found for an unknown venue.
[[nodiscard]] result<run_plan> plan_run(config const& settings, sync_request const& request,
                                        database* db);
[[nodiscard]] std::string to_json(run_plan const& plan);
[[nodiscard]] std::string to_text(run_plan const& plan, sync_request const& request);

}  // namespace vinny
