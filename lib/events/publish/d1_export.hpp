// SPDX-License-Identifier: MIT
//
// Changes into D1 by REST, from the first to the last, whatever happens on the way: packed into
// requests, tried again, each confirmed before the next. An export that is cut off anywhere goes
// on from the last confirmed change; what was sent and not confirmed is sent again, which changes
// nothing. How the catalog remembers is the caller's matter.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <span>

#include "events/publish/d1_rest.hpp"
#include "events/publish/difference.hpp"
#include "task/task.hpp"

namespace vinny {

enum class d1_way { query, import };

struct d1_export {
  std::string prepare{};                      // SQL to send first; empty: none
  d1_way way = d1_way::query;                 // which is tried first
  int attempts = 6;                           // of one request
  std::chrono::seconds patience{300};         // for one request with all its attempts
  std::chrono::seconds import_patience{900};  // for one import, from its start to its end
  /// True: stop after what is under way (errc::cancelled).
  std::function<bool()> stopping = [] { return false; };
  /// These changes are in the database. A failure ends the export.
  std::function<task<result<>>(std::span<change const* const>)> confirm{};
};

/// `changes` must outlive it and be as difference() makes them. Fails as d1_rest does, naming the
/// row when D1 refuses a statement; with cancelled when it was told to stop.
[[nodiscard]] task<result<>> export_to_d1(d1_rest& rest, asio::thread_pool& cpu,
                                          std::span<change const> changes, d1_export how);

}  // namespace vinny
