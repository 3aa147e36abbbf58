// SPDX-License-Identifier: MIT
//
// What runs over events count, and their steps.
#pragma once

#include <array>

#include "model/counters.hpp"
#include "model/step.hpp"

namespace vinny {

namespace step {
inline constexpr run_step scrape{"scrape"};
inline constexpr run_step images{"images"};
inline constexpr run_step publish{"publish"};
}  // namespace step

struct event_counts {
  std::int64_t pages_found = 0;
  std::int64_t pages_read = 0;
  std::int64_t pages_unchanged = 0;
  std::int64_t pages_past = 0;
  std::int64_t pages_denied = 0;  // robots.txt forbids them
  std::int64_t pages_failed = 0;
  std::int64_t events = 0;
  std::int64_t events_elsewhere = 0;
  std::int64_t images_found = 0;
  std::int64_t images_fetched = 0;
  std::int64_t images_failed = 0;
  std::int64_t images_refused = 0;  // files that none of their images may be made of, for now
  std::int64_t renditions = 0;
  std::int64_t objects_put = 0;
  std::int64_t objects_unchanged = 0;
  std::int64_t objects_failed = 0;
  std::int64_t objects_lost = 0;     // the store did not have them any more
  std::int64_t objects_changed = 0;  // the store had something else
  std::int64_t rows_written = 0;
  std::int64_t rows_unchanged = 0;
  std::int64_t rows_removed = 0;

  static std::array<counter_row<event_counts>, 21> const rows;
};

inline constexpr std::array<counter_row<event_counts>, 21> event_counts::rows{{
    {&event_counts::pages_found, {"pages_found"}},
    {&event_counts::pages_read, {"pages_read"}},
    {&event_counts::pages_unchanged, {"pages_unchanged"}},
    {&event_counts::pages_past, {"pages_past"}},
    {&event_counts::pages_denied, {"pages_denied"}},
    {&event_counts::pages_failed, {"pages_failed", loss::item}},
    {&event_counts::events, {"events", loss::none, "events"}},
    {&event_counts::events_elsewhere, {"events_elsewhere"}},
    {&event_counts::images_found, {"images_found"}},
    {&event_counts::images_fetched, {"images_fetched", loss::none, "images"}},
    {&event_counts::images_failed, {"images_failed", loss::item}},
    {&event_counts::images_refused, {"images_refused"}},
    {&event_counts::renditions, {"renditions"}},
    {&event_counts::objects_put, {"objects_put"}},
    {&event_counts::objects_unchanged, {"objects_unchanged"}},
    {&event_counts::objects_failed, {"objects_failed", loss::item}},
    {&event_counts::objects_lost, {"objects_lost"}},
    {&event_counts::objects_changed, {"objects_changed"}},
    {&event_counts::rows_written, {"rows_written", loss::none, "rows"}},
    {&event_counts::rows_unchanged, {"rows_unchanged"}},
    {&event_counts::rows_removed, {"rows_removed"}},
}};

}  // namespace vinny
