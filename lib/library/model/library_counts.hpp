// SPDX-License-Identifier: MIT
//
// What runs over the library count, and their steps.
#pragma once

#include <array>

#include "model/counters.hpp"
#include "model/step.hpp"

namespace vinny {

namespace step {
inline constexpr run_step library{"library"};
}  // namespace step

struct library_counts {
  std::int64_t library_rows = 0;      // read from lists
  std::int64_t library_artists = 0;   // read from lists
  std::int64_t library_rejected = 0;  // lines that are neither
  std::int64_t library_named = 0;     // rows that took their artist's name
  std::int64_t scanned = 0;           // rows whose artwork was asked for
  std::int64_t enriched_match = 0;
  std::int64_t enriched_match_raced = 0;  // somebody else had been faster
  std::int64_t enriched_no_match = 0;
  std::int64_t lml_error = 0;  // lookups that failed
  std::int64_t remaining = 0;  // rows that still are as the run found them, or not_counted

  static std::array<counter_row<library_counts>, 10> const rows;
};

inline constexpr std::array<counter_row<library_counts>, 10> library_counts::rows{{
    {&library_counts::library_rows, {"library_rows"}},
    {&library_counts::library_artists, {"library_artists"}},
    {&library_counts::library_rejected, {"library_rejected", loss::item}},
    {&library_counts::library_named, {"library_named"}},
    {&library_counts::scanned, {"scanned"}},
    {&library_counts::enriched_match, {"enriched_match"}},
    {&library_counts::enriched_match_raced, {"enriched_match_raced"}},
    {&library_counts::enriched_no_match, {"enriched_no_match"}},
    {&library_counts::lml_error, {"lml_error", loss::until_later}},
    {&library_counts::remaining, {"remaining"}},
}};

}  // namespace vinny
