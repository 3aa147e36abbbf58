// SPDX-License-Identifier: MIT
#include "catalog/bulk.hpp"

#include <sqlite3.h>

namespace vinny {

void bulk_statement::finalize::operator()(sqlite3_stmt* one) const noexcept {
  sqlite3_finalize(one);
}

bulk_statement::bulk_statement(database& db, std::string_view sql) : db_(&db) {
  sqlite3_stmt* made = nullptr;
  check(sqlite3_prepare_v2(db.handle().getHandle(), sql.data(), static_cast<int>(sql.size()), &made,
                           nullptr));
  statement_.reset(made);
}

void bulk_statement::check(int code) const {
  if (code != SQLITE_OK) throw SQLite::Exception(db_->handle().getHandle(), code);
}

void bulk_statement::bind(int at, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), at, value));
}

void bulk_statement::bind(int at, std::string_view value) {
  check(sqlite3_bind_text(statement_.get(), at, value.data(), static_cast<int>(value.size()),
                          SQLITE_STATIC));
}

void bulk_statement::run() {
  sqlite3_step(statement_.get());
  check(sqlite3_reset(statement_.get()));
}

bool bulk_statement::step() {
  if (sqlite3_step(statement_.get()) == SQLITE_ROW) return true;
  check(sqlite3_reset(statement_.get()));
  return false;
}

std::int64_t bulk_statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view bulk_statement::text(int column) const {
  auto const* const from = sqlite3_column_text(statement_.get(), column);
  if (from == nullptr) return {};
  return {reinterpret_cast<char const*>(from),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void bulk_statement::reset() {
  sqlite3_reset(statement_.get());
}

}  // namespace vinny
