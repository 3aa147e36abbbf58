// SPDX-License-Identifier: MIT
//
// The published database as a local SQLite file (`vinny export-d1 --local`): the same tables and
// rows that D1 gets, complete in one file without a journal beside it. Not the catalog.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "core/failure.hpp"
#include "events/publish/difference.hpp"

namespace vinny {

/// Belongs to one thread at a time. Every call blocks on the disk.
class local_database {
 public:
  /// Opens the file or creates it, and creates missing tables. `patience` is how long a call waits
  /// for another process that writes.
  /// Fails with publish_rejected when a table has not the columns of the schema (the message names
  /// table, column and cure), and with permission_denied, read_only, io_error, disk_full,
  /// catalog_busy, catalog_corrupt.
  [[nodiscard]] static result<local_database> open(
      std::filesystem::path const& file,
      std::chrono::milliseconds patience = std::chrono::seconds{5});

  local_database(local_database&&) noexcept;
  local_database& operator=(local_database&&) noexcept;
  ~local_database();

  /// All changes or none, in one durable transaction, in the safe order whatever order they come
  /// in. Removing a row that is not there is no failure. Fails as open() does.
  result<> apply(std::span<change const> changes);

  /// Statements that change nothing when they are run again; empty: nothing to do.
  result<> prepare(std::string const& sql);

  /// Rows in the five tables together.
  [[nodiscard]] result<std::int64_t> rows() const;

 private:
  struct state;
  explicit local_database(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace vinny
