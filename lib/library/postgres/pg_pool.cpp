// SPDX-License-Identifier: MIT
#include "library/postgres/pg_pool.hpp"

#include <fmt/format.h>

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_connect = 10s;

}  // namespace

task<result<pg_pool::link>> pg_pool::make(deadline limit) {
  auto made = co_await pg_connection::open(where_, names_, within(longest_connect, limit));
  if (!made) co_return made;
  auto session = session_;
  // Bytes that are no text stay what they are: PostgreSQL itself knows no better.
  if ((**made).encoding() == "SQL_ASCII") session.push_back({"client_encoding", "SQL_ASCII"});
  std::string sql;
  std::vector<std::string> values;
  for (auto const& [name, value] : session) {
    values.push_back(value);
    sql += fmt::format("{} set_config('{}', ${}, false)", sql.empty() ? "SELECT" : ",", name,
                       values.size());
  }
  auto const set = co_await (**made).query(std::move(sql), std::move(values), limit);
  if (!set) co_return std::unexpected(set.error());
  co_return made;
}

task<result<pg_pool::link>> pg_pool::take(deadline limit) {
  while (!idle_.empty()) {
    auto out = std::move(idle_.back());
    idle_.pop_back();
    if (!out->hung_up()) co_return out;
  }
  co_return co_await make(limit);
}

task<result<pg_rows>> pg_pool::query(std::string sql, std::vector<std::string> values,
                                     deadline limit) {
  auto const permit = co_await free_.acquire(limit);
  if (!permit) {
    co_return fail(
        errc::postgres_unavailable,
        fmt::format("PostgreSQL at {}: all {} connections are busy", name(), most_connections));
  }
  bool const was_idle = !idle_.empty();
  auto on = co_await take(limit);
  if (!on) co_return std::unexpected(on.error());
  auto rows = co_await (**on).query(sql, values, limit);
  if (!rows && !(**on).usable() && was_idle && clock::now() < limit) {
    // It may have died of old age: all statements here may be said twice.
    idle_.clear();
    on = co_await make(limit);
    if (!on) co_return std::unexpected(on.error());
    rows = co_await (**on).query(std::move(sql), std::move(values), limit);
  }
  if ((**on).usable()) idle_.push_back(std::move(*on));
  co_return rows;
}

}  // namespace vinny
