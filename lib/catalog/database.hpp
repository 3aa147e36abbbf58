// SPDX-License-Identifier: MIT
//
// One SQLite connection with its prepared statements, and SQLite's errors in our words. Used by
// one thread at a time.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

class database {
 public:
  enum class mode { read_write, read_only };
  /// Throws SQLite::Exception.
  database(std::filesystem::path const& file, mode how);

  /// A prepared statement with the values bound from 1 on; kept for the next use. `sql` must be
  /// a literal.
  template <class... Values>
  SQLite::Statement& prepare(std::string_view sql, Values const&... values) {
    auto& statement = cached(sql);
    int index = 0;
    (bind(statement, ++index, values), ...);
    return statement;
  }
  /// Runs a statement that returns nothing; the number of rows it changed.
  template <class... Values>
  int execute(std::string_view sql, Values const&... values) {
    return prepare(sql, values...).exec();
  }
  /// Calls `each(statement)` for every row.
  template <class Each, class... Values>
  void query(std::string_view sql, Each&& each, Values const&... values) {
    auto& statement = prepare(sql, values...);
    // A statement that is left open, by an exception too, would hold its snapshot for all others.
    struct closer {
      SQLite::Statement& open;
      ~closer() { open.tryReset(); }
    } const at_end{statement};
    while (statement.executeStep()) each(statement);
  }
  /// The first column of the first row as a number, or 0.
  template <class... Values>
  std::int64_t number(std::string_view sql, Values const&... values) {
    std::int64_t out = 0;
    query(sql, [&](SQLite::Statement& row) { out = row.getColumn(0).getInt64(); }, values...);
    return out;
  }
  /// The first column of the first row as text.
  template <class... Values>
  std::optional<std::string> text(std::string_view sql, Values const&... values) {
    std::optional<std::string> out;
    query(sql, [&](SQLite::Statement& row) { out = row.getColumn(0).getString(); }, values...);
    return out;
  }
  [[nodiscard]] SQLite::Database& handle() noexcept { return handle_; }

 private:
  SQLite::Statement& cached(std::string_view sql);
  static void bind(SQLite::Statement& s, int at, std::string const& v) { s.bind(at, v); }
  static void bind(SQLite::Statement& s, int at, std::string_view v) { s.bind(at, std::string{v}); }
  static void bind(SQLite::Statement& s, int at, char const* v) { s.bind(at, v); }
  static void bind(SQLite::Statement& s, int at, std::int64_t v) { s.bind(at, v); }
  static void bind(SQLite::Statement& s, int at, int v) { s.bind(at, v); }
  static void bind(SQLite::Statement& s, int at, bool v) { s.bind(at, v ? 1 : 0); }
  static void bind(SQLite::Statement& s, int at, std::uint32_t v) {
    s.bind(at, static_cast<std::int64_t>(v));
  }
  static void bind(SQLite::Statement& s, int at, std::size_t v) {
    s.bind(at, static_cast<std::int64_t>(v));
  }
  static void bind(SQLite::Statement& s, int at, double v) { s.bind(at, v); }
  template <class T>
  static void bind(SQLite::Statement& s, int at, std::optional<T> const& v) {
    if (v) {
      bind(s, at, *v);
    } else {
      s.bind(at);
    }
  }

  SQLite::Database handle_;
  std::map<std::string_view, std::unique_ptr<SQLite::Statement>> statements_;
};

/// What an SQLite error means for us: disk_full, read_only, permission_denied, catalog_busy,
/// catalog_corrupt or io_error, naming the file.
[[nodiscard]] failure from_sqlite(SQLite::Exception const& error,
                                  std::filesystem::path const& file);

}  // namespace vinny
