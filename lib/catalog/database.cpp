// SPDX-License-Identifier: MIT
#include "catalog/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>

namespace vinny {
namespace {

constexpr int busy_timeout_ms = 5000;

struct meaning {
  errc code;
  std::string_view cure;
};

meaning meaning_of(int code) noexcept {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return {errc::disk_full, "free some space"};
    case SQLITE_READONLY:
      return {errc::read_only, "make the file and its directory writable"};
    case SQLITE_CANTOPEN:
      return {errc::permission_denied, "check that the directory exists and is writable"};
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {errc::permission_denied, "check the file's owner and mode"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {errc::catalog_busy, "another program is using it"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {errc::catalog_corrupt,
              "restore it from a backup, or delete it: it is rebuilt from the sources"};
    case SQLITE_IOERR:
      return {errc::io_error, "check the disk"};
    default:
      return {errc::internal, "this is a defect"};
  }
}

/// SQLite says of that only that it cannot open a file.
bool no_descriptor_is_left() noexcept {
  int const fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
  return fd < 0 && (errno == EMFILE || errno == ENFILE);
}

}  // namespace

database::database(std::filesystem::path const& file, mode how)
    : handle_(file.string(),
              how == mode::read_only
                  ? SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX
                  : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX,
              busy_timeout_ms) {}

SQLite::Statement& database::cached(std::string_view sql) {
  auto& place = statements_[sql];
  if (!place) {
    place = std::make_unique<SQLite::Statement>(handle_, std::string{sql});
  } else {
    place->tryReset();
    place->clearBindings();
  }
  return *place;
}

failure from_sqlite(SQLite::Exception const& error, std::filesystem::path const& file) {
  auto code = error.getErrorCode();
  // SQLite tells a full disk on the WAL index as an I/O error.
  if (error.getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE) code = SQLITE_FULL;
  bool const may_be_shortage = (code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_IOERR;
  if (may_be_shortage && no_descriptor_is_left()) {
    return {errc::out_of_descriptors,
            fmt::format("{}: {}", file.string(), describe(errc::out_of_descriptors))};
  }
  auto const [kind, cure] = meaning_of(code);
  return {kind, fmt::format("{}: {} ({}); {}", file.string(), describe(kind), error.what(), cure)};
}

}  // namespace vinny
