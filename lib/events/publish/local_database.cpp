// SPDX-License-Identifier: MIT
#include "events/publish/local_database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "events/publish/script.hpp"

namespace vinny {
namespace {

constexpr std::string_view cure = "delete the file: `vinny export-d1 --local --full` rebuilds it";

errc code_of(int sqlite_code, std::filesystem::path const& file) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
      return errc::disk_full;
    case SQLITE_READONLY:
      return errc::read_only;
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return errc::permission_denied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return errc::catalog_busy;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return errc::catalog_corrupt;
    case SQLITE_CANTOPEN: {
      // SQLite does not say why it could not open; the folder or the file tells.
      auto const folder = file.has_parent_path() ? file.parent_path() : ".";
      std::error_code ignored;
      bool const there = std::filesystem::exists(file, ignored) && !ignored;
      bool const refused =
          ::access(folder.c_str(), F_OK) == 0 &&
          (there ? ::access(file.c_str(), R_OK) != 0 : ::access(folder.c_str(), W_OK | X_OK) != 0);
      return refused || ignored == std::errc::permission_denied ? errc::permission_denied
                                                                : errc::io_error;
    }
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return errc::io_error;
    default:
      return errc::publish_rejected;
  }
}

std::unexpected<failure> failed(SQLite::Exception const& e, std::filesystem::path const& file,
                                std::string_view key = {}) {
  auto const code = code_of(e.getErrorCode(), file);
  auto text = fmt::format("{}: {} ({})", file.string(), describe(code), e.what());
  if (!key.empty()) text += fmt::format(" at row {}", key);
  if (code == errc::catalog_corrupt || code == errc::publish_rejected) {
    text += fmt::format("; {}", cure);
  }
  return fail(code, std::move(text));
}

void bind(SQLite::Statement& statement, int index, cell const& value) {
  if (auto const* i = std::get_if<std::int64_t>(&value)) {
    statement.bind(index, *i);
  } else if (auto const* d = std::get_if<double>(&value)) {
    statement.bind(index, *d);
  } else if (auto const* s = std::get_if<std::string>(&value)) {
    statement.bindNoCopy(index, *s);
  } else {
    statement.bind(index);
  }
}

void run(SQLite::Statement& statement, std::span<cell const> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    bind(statement, static_cast<int>(i) + 1, values[i]);
  }
  statement.exec();
  statement.reset();
  statement.clearBindings();
}

/// What is wrong with a table that exists; nothing when it is not there or has all columns.
std::optional<std::string> flaw(SQLite::Database& db, table_schema const& table) {
  std::set<std::string, std::less<>> present;
  SQLite::Statement query(db, fmt::format("PRAGMA table_info({})", table.name));
  while (query.executeStep()) present.insert(query.getColumn(1).getString());
  if (present.empty()) return std::nullopt;
  for (std::string_view const column : table.columns) {
    if (!present.contains(column)) {
      return fmt::format("table {} has no column {}", table.name, column);
    }
  }
  return std::nullopt;
}

}  // namespace

struct local_database::state {
  std::filesystem::path file;
  SQLite::Database db;
};

local_database::local_database(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
local_database::local_database(local_database&&) noexcept = default;
local_database& local_database::operator=(local_database&&) noexcept = default;
local_database::~local_database() = default;

result<local_database> local_database::open(std::filesystem::path const& file,
                                            std::chrono::milliseconds patience) {
  try {
    SQLite::Database db(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                        static_cast<int>(patience.count()));
    // A rollback journal leaves one file that can be copied; FULL makes a commit survive a power
    // loss; D1 enforces foreign keys, so this file does.
    db.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    for (table_id const table : all_tables) {
      if (auto const text = flaw(db, schema(table))) {
        return fail(errc::publish_rejected,
                    fmt::format("{}: {}, so rows cannot be written; a published table is never "
                                "altered: {}",
                                file.string(), *text, cure));
      }
    }
    db.exec(std::string{schema_sql()});
    transaction.commit();
    return local_database{std::make_unique<state>(file, std::move(db))};
  } catch (SQLite::Exception const& e) {
    return failed(e, file);
  }
}

result<> local_database::apply(std::span<change const> changes) {
  std::array<std::optional<SQLite::Statement>, all_tables.size()> writes;
  std::array<std::optional<SQLite::Statement>, all_tables.size()> removals;
  change const* current = nullptr;
  try {
    auto& db = state_->db;
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    for (change const* c : in_safe_order(changes)) {
      current = c;
      bool const writing = c->what == change::kind::upsert;
      auto const table = c->value.table;
      auto& prepared = (writing ? writes : removals)[static_cast<std::size_t>(table)];
      if (!prepared) {
        prepared.emplace(db,
                         writing ? upsert_with_parameters(table) : remove_with_parameters(table));
      }
      auto const value = published_form(c->value);
      run(*prepared, writing ? value.cells : key_cells(value));
    }
    current = nullptr;
    transaction.commit();
    return {};
  } catch (SQLite::Exception const& e) {
    return failed(e, state_->file, current != nullptr ? key_of(current->value) : std::string{});
  }
}

result<> local_database::prepare(std::string const& sql) {
  try {
    state_->db.exec(sql);
    return {};
  } catch (SQLite::Exception const& e) {
    return failed(e, state_->file);
  }
}

result<std::int64_t> local_database::rows() const {
  try {
    std::int64_t total = 0;
    for (table_id const table : all_tables) {
      SQLite::Statement query(state_->db,
                              fmt::format("SELECT count(*) FROM {}", schema(table).name));
      if (query.executeStep()) total += query.getColumn(0).getInt64();
    }
    return total;
  } catch (SQLite::Exception const& e) {
    return failed(e, state_->file);
  }
}

}  // namespace vinny
