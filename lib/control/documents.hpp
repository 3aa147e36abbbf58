// SPDX-License-Identifier: MIT
//
// The JSON documents of the API, which the command prints as well (proto/openapi.yaml). Made from
// a catalog connection; no HTTP here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/database.hpp"
#include "config/config.hpp"
#include "http/lanes.hpp"
#include "model/run.hpp"

namespace vinny {

/// {"id","pipeline","state","params","started_at","finished_at","counts","error"}
[[nodiscard]] std::string run_document(run_record const& run);
/// {"run":{…},"errors":[…]}
[[nodiscard]] std::string run_with_errors_document(database& db, run_record const& run);
/// {"runs":[…],"total"}
[[nodiscard]] std::string runs_document(database& db, std::size_t limit, std::size_t offset);

struct status_facts {
  bool ready = true;
  /// Of this process, the eldest first; null: the catalog's own.
  std::vector<run_record> const* active = nullptr;
};
[[nodiscard]] std::string status_document(database& db, config const& settings,
                                          status_facts const& facts);
/// {"hosts":[…]}
[[nodiscard]] std::string hosts_document(lane_registry const& lanes);
[[nodiscard]] std::string host_document(std::string const& host, lane const& one);
/// {"errors":[…]}: the latest warnings and errors of the log.
[[nodiscard]] std::string errors_document(std::size_t limit);

}  // namespace vinny
