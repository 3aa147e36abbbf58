// SPDX-License-Identifier: MIT
//
// One connection to PostgreSQL, by libpq, waiting on the loop. Host names are resolved by our own
// cache, since libpq would block on them. Lives on the loop.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "http/connection/dns.hpp"
#include "task/task.hpp"

struct pg_conn;
struct pg_result;

namespace vinny {

/// Where a database is and how to get in: libpq's keywords. Holds a password.
struct pg_address {
  struct option {
    std::string keyword;
    std::string value;
  };
  std::vector<option> options;

  /// A URL, or "host=… dbname=…". Fails with config_invalid; the message repeats nothing of it.
  [[nodiscard]] static result<pg_address> parse(std::string const& text);

  [[nodiscard]] std::string get(std::string_view keyword) const;
  void set(std::string_view keyword, std::string value);
  void set_unless_given(std::string_view keyword, std::string value);
  /// "host:port/database", for messages.
  [[nodiscard]] std::string name() const;
};

/// What a statement gave: texts, by row and column. NULL is the empty text.
class pg_rows {
 public:
  explicit pg_rows(pg_result* from);

  [[nodiscard]] int size() const noexcept;
  [[nodiscard]] std::string text(int row, int column) const;
  [[nodiscard]] std::int64_t number(int row, int column) const;
  [[nodiscard]] bool flag(int row, int column) const;
  /// Rows that an UPDATE changed.
  [[nodiscard]] std::int64_t changed() const;

 private:
  std::shared_ptr<pg_result> of_;
};

class pg_connection {
 public:
  /// Errors: postgres_unavailable, postgres_refused (password, no such database), those of names.
  [[nodiscard]] static task<result<std::unique_ptr<pg_connection>>> open(pg_address where,
                                                                         dns_cache& names,
                                                                         deadline limit);
  pg_connection(pg_connection const&) = delete;
  pg_connection& operator=(pg_connection const&) = delete;
  ~pg_connection();

  /// One statement, which is a transaction of its own, with $1, $2, … as texts. Errors:
  /// postgres_unavailable, postgres_refused (their evidence is the SQLSTATE). Cancelled or late,
  /// the connection is of no more use.
  [[nodiscard]] task<result<pg_rows>> query(std::string sql, std::vector<std::string> values,
                                            deadline limit);

  /// False: it broke, or was left in the middle of a statement.
  [[nodiscard]] bool usable() const noexcept { return usable_; }
  /// Whether the other side has hung up meanwhile.
  [[nodiscard]] bool hung_up();
  /// Of the database: "UTF8", "SQL_ASCII", …
  [[nodiscard]] std::string encoding() const;

 private:
  pg_connection(pg_conn* link, std::string name, asio::any_io_executor const& loop);
  [[nodiscard]] bool watch();
  [[nodiscard]] task<result<>> shake_hands(deadline limit);
  [[nodiscard]] task<result<>> ready(asio::posix::stream_descriptor::wait_type what,
                                     deadline limit);
  [[nodiscard]] failure broken(std::string_view why = {}) const;

  pg_conn* link_;
  std::string name_;
  asio::posix::stream_descriptor socket_;  // a duplicate of libpq's own
  bool usable_ = false;
};

/// What an SQLSTATE means: whether to come back later.
/// Source: PostgreSQL, appendix A (error codes).
[[nodiscard]] errc from_sqlstate(std::string_view state) noexcept;

}  // namespace vinny
