// SPDX-License-Identifier: MIT
//
// Rows of the five published tables (proto/d1.sql) as plain values, their keys and digests.
// No SQL and no I/O here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vinny {

/// NULL, an integer, a real, or a text in UTF-8.
using cell = std::variant<std::monostate, std::int64_t, double, std::string>;

/// Parents before children: rows are written in this order and removed in the opposite one.
enum class table_id { artists, events, event_artists, images, table_tiers };
inline constexpr std::array all_tables{table_id::artists, table_id::events, table_id::event_artists,
                                       table_id::images, table_id::table_tiers};

struct table_schema {
  std::string_view name;
  std::span<std::string_view const> columns;
  std::span<std::size_t const> key;    // indexes of the primary key's columns, in its order
  std::span<std::size_t const> kept;   // columns that an update leaves alone (created_at)
  std::span<std::size_t const> clock;  // columns that say when, not what: not in the digest

  /// The index of a column; columns.size() when the table has none of that name.
  [[nodiscard]] std::size_t index_of(std::string_view column) const noexcept;
};
[[nodiscard]] table_schema const& schema(table_id table) noexcept;

/// Whether a schema's list of columns names the one of index `i`.
[[nodiscard]] bool has(std::span<std::size_t const> list, std::size_t i) noexcept;

struct row {
  table_id table = table_id::artists;
  std::vector<cell> cells;  // one for each column, in the table's order

  friend bool operator==(row const&, row const&) = default;
};

/// The key columns' values, in the primary key's order; NULL where the row is too short.
[[nodiscard]] std::vector<cell> key_cells(row const& value);

/// "images/<artist id>/liv/hd": table and primary key, '/', '%' and control bytes in the values
/// percent-encoded. Unique over all tables and stable over releases: the catalog keeps it.
[[nodiscard]] std::string key_of(row const& value);

/// The row that a text of key_of() names, only its key columns set (as text); none when the text
/// is not such a key.
[[nodiscard]] std::optional<row> row_of_key(std::string_view key);

/// 64 hex digits: SHA-256 of all cells but the clock columns, so a row that was merely seen again
/// counts as unchanged.
[[nodiscard]] std::string digest_of(row const& value);

}  // namespace vinny
