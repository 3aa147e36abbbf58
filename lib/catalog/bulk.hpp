// SPDX-License-Identifier: MIT
//
// One statement run for very many rows: prepared once, texts bound without a copy.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "catalog/database.hpp"

struct sqlite3_stmt;

namespace vinny {

class bulk_statement {
 public:
  /// Throws SQLite::Exception, as all of its functions do.
  bulk_statement(database& db, std::string_view sql);

  void bind(int at, std::int64_t value);
  /// `value` must stay until run() or step().
  void bind(int at, std::string_view value);
  /// Runs a statement that gives no rows, and makes it ready for the next.
  void run();
  /// The next row of a query. False: the end, and it is ready for the next.
  [[nodiscard]] bool step();
  [[nodiscard]] std::int64_t number(int column) const;
  /// Good until the next step.
  [[nodiscard]] std::string_view text(int column) const;
  /// Ends a query before its end.
  void reset();

 private:
  void check(int code) const;
  struct finalize {
    void operator()(sqlite3_stmt* one) const noexcept;
  };
  database* db_;
  std::unique_ptr<sqlite3_stmt, finalize> statement_;
};

}  // namespace vinny
