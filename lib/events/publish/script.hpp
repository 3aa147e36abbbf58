// SPDX-License-Identifier: MIT
//
// Rows as SQL text for Cloudflare D1: one idempotent statement a row, and whole scripts. The same
// input gives the same bytes.
#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "core/failure.hpp"
#include "events/publish/difference.hpp"
#include "events/publish/row.hpp"

namespace vinny {

/// D1's limits (developers.cloudflare.com/d1/platform/limits): bytes of a statement, columns.
inline constexpr std::size_t max_statement_bytes = 100'000;
inline constexpr std::size_t max_statement_columns = 100;

/// `CREATE TABLE IF NOT EXISTS …` for the five tables: the text of proto/d1.sql.
[[nodiscard]] std::string_view schema_sql() noexcept;

/// A value as an SQL literal: text in quotes, ' doubled; NaN is NULL, as it is when bound.
[[nodiscard]] std::string literal(cell const& value);

/// The row as it is published: texts made valid UTF-8 without NUL, one cell for each column, and
/// texts outside the key shortened (description and bio first, at a character's border) until
/// upsert() fits into max_statement_bytes.
[[nodiscard]] row published_form(row value);

/// `INSERT INTO t (…) VALUES (…) ON CONFLICT(<key>) DO UPDATE SET …;` of published_form(value).
/// created_at stays what the first insert made it. One statement, no line end after it.
[[nodiscard]] std::string upsert(row const& value);

/// `DELETE FROM t WHERE <key> = …;` — the key's cells in the primary key's order.
[[nodiscard]] std::string remove(table_id table, std::span<cell const> key);

/// The statement of one change.
[[nodiscard]] std::string statement(change const& value);

/// What stands around the values of many rows in one statement, and the values of one:
/// `head` + values_of(a) + "," + values_of(b) + `tail`. The same effect as the statements alone.
struct statement_frame {
  std::string head;
  std::string tail;
};
[[nodiscard]] statement_frame frame_of(change::kind what, table_id table);
[[nodiscard]] std::string values_of(change const& value);

/// The same two statements with `?` for the values: for upsert() one a column, for remove() one a
/// key column.
[[nodiscard]] std::string upsert_with_parameters(table_id table);
[[nodiscard]] std::string remove_with_parameters(table_id table);

/// Writes scripts, statement by statement, to a stream that must outlive it: a comment with
/// counts, the preparation (by default the schema), removals (children first), upserts (parents
/// first). LF line ends. No transaction statements: D1 refuses them and runs a script as one
/// transaction.
class script_writer {
 public:
  explicit script_writer(std::ostream& out, std::string preparation = std::string{schema_sql()})
      : out_(out), preparation_(std::move(preparation)) {}

  /// Fails with io_error when the stream does, disk_full when errno says so.
  result<> write(std::span<change const> changes);

 private:
  std::ostream& out_;
  std::string preparation_;
};

}  // namespace vinny
