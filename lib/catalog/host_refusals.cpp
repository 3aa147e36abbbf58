// SPDX-License-Identifier: MIT
#include "catalog/host_refusals.hpp"

#include "core/host_name.hpp"

namespace vinny {

std::map<std::string, std::int64_t> refused_by_host(database& db) {
  std::map<std::string, std::int64_t> out;
  db.query(
      "SELECT name, failed_permanent + exhausted FROM specimen_hosts "
      "WHERE failed_permanent + exhausted > 0",
      [&](SQLite::Statement& row) {
        out[row.getColumn(0).getString()] += row.getColumn(1).getInt64();
      });
  db.query("SELECT host, count(*) FROM images WHERE state = 'rejected' GROUP BY host",
           [&](SQLite::Statement& row) {
             out[bare_host(row.getColumn(0).getString())] += row.getColumn(1).getInt64();
           });
  return out;
}

}  // namespace vinny
