// SPDX-License-Identifier: MIT
//
// What runs over specimens count, and their steps.
#pragma once

#include <array>

#include "model/counters.hpp"
#include "model/step.hpp"

namespace vinny {

namespace step {
inline constexpr run_step ingest{"ingest"};
inline constexpr run_step specimens{"specimens"};
}  // namespace step

struct specimen_counts {
  std::int64_t list_rows = 0;
  std::int64_t list_rejected = 0;
  std::int64_t list_images = 0;
  std::int64_t list_gbif_ids = 0;
  std::int64_t list_retired = 0;  // images that no list names any more
  std::int64_t specimens_fetched = 0;
  std::int64_t specimens_adopted = 0;  // the file was there
  std::int64_t specimens_failed = 0;
  std::int64_t objects_put = 0;
  std::int64_t objects_unchanged = 0;
  std::int64_t objects_failed = 0;

  static std::array<counter_row<specimen_counts>, 11> const rows;
};

inline constexpr std::array<counter_row<specimen_counts>, 11> specimen_counts::rows{{
    {&specimen_counts::list_rows, {"list_rows", loss::none, "rows"}},
    {&specimen_counts::list_rejected, {"list_rejected"}},
    {&specimen_counts::list_images, {"list_images"}},
    {&specimen_counts::list_gbif_ids, {"list_gbif_ids"}},
    {&specimen_counts::list_retired, {"list_retired"}},
    {&specimen_counts::specimens_fetched, {"specimens_fetched", loss::none, "images"}},
    {&specimen_counts::specimens_adopted, {"specimens_adopted"}},
    {&specimen_counts::specimens_failed, {"specimens_failed", loss::item}},
    {&specimen_counts::objects_put, {"objects_put"}},
    {&specimen_counts::objects_unchanged, {"objects_unchanged"}},
    {&specimen_counts::objects_failed, {"objects_failed", loss::item}},
}};

}  // namespace vinny
