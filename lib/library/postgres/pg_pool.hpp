// SPDX-License-Identifier: MIT
//
// A few connections to one database, kept open and shared. Lives on the loop.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "library/postgres/pg_connection.hpp"
#include "task/semaphore.hpp"

namespace vinny {

/// Settings of each session, by their names in PostgreSQL.
using pg_session = std::vector<pg_address::option>;

class pg_pool {
 public:
  /// `names` must outlive it.
  pg_pool(pg_address where, pg_session session, dns_cache& names)
      : where_(std::move(where)), session_(std::move(session)), names_(names) {}

  /// One statement on a connection that is free, or on a new one. A connection that was closed
  /// while nobody used it is not noticed by the caller. Errors: those of pg_connection.
  [[nodiscard]] task<result<pg_rows>> query(std::string sql, std::vector<std::string> values,
                                            deadline limit);

  [[nodiscard]] std::string name() const { return where_.name(); }

 private:
  using link = std::unique_ptr<pg_connection>;
  [[nodiscard]] task<result<link>> take(deadline limit);
  [[nodiscard]] task<result<link>> make(deadline limit);

  pg_address where_;
  pg_session session_;
  dns_cache& names_;
  std::vector<link> idle_;
  semaphore free_{most_connections};
  static constexpr int most_connections = 8;
};

}  // namespace vinny
