// SPDX-License-Identifier: MIT
#include "catalog/catalog.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/vfs.h>

#include <array>
#include <cstring>
#include <system_error>

#include "catalog/schema.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

/// WAL needs shared memory between processes, which network filesystems do not give.
std::string_view network_filesystem_name(std::filesystem::path const& dir) noexcept {
  struct known {
    unsigned long magic;
    std::string_view name;
  };
  static constexpr std::array table{known{0x6969, "NFS"},      known{0xFF534D42, "CIFS"},
                                    known{0xFE534D42, "SMB2"}, known{0x517B, "SMB"},
                                    known{0x01021997, "9p"},   known{0x00C36400, "Ceph"},
                                    known{0x5346414F, "AFS"}};
  struct statfs info{};
  if (::statfs(dir.c_str(), &info) != 0) return {};
  for (auto const& one : table) {
    if (static_cast<unsigned long>(info.f_type) == one.magic) return one.name;
  }
  return {};
}

result<> make_directory(std::filesystem::path const& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (!error) return {};
  return fail(from_errno(error.value()),
              fmt::format("data_dir '{}' cannot be made: {}", dir.string(), error.message()));
}

void make_durable(database& writer) {
  // FULL: a run that was answered with 202, or an object that the store confirmed, is on disk.
  writer.handle().exec("PRAGMA synchronous = FULL");
  writer.handle().exec("PRAGMA journal_size_limit = 67108864");
}

}  // namespace

catalog::catalog(std::filesystem::path data_dir, std::optional<catalog_lock> lock,
                 std::unique_ptr<database> writer, std::unique_ptr<database> reader)
    : data_dir_(std::move(data_dir)),
      file_(data_dir_ / "vinny.db"),
      lock_(std::move(lock)),
      writer_(std::move(writer), file_, true),
      reader_(std::move(reader), file_, false) {}

result<std::unique_ptr<catalog>> catalog::open(std::filesystem::path const& data_dir,
                                               std::string const& program) {
  if (auto const made = make_directory(data_dir); !made) return std::unexpected(made.error());
  if (auto const network = network_filesystem_name(data_dir); !network.empty()) {
    return fail(errc::network_filesystem,
                fmt::format("data_dir '{}' is on {}, where the catalog's write-ahead log cannot "
                            "work; put it on a local disk",
                            data_dir.string(), network));
  }
  auto lock = catalog_lock::take(data_dir, program);
  if (!lock) return std::unexpected(lock.error());
  auto const file = data_dir / "vinny.db";
  try {
    auto writer = std::make_unique<database>(file, database::mode::read_write);
    if (sqlite3_db_readonly(writer->handle().getHandle(), "main") == 1) {
      return fail(errc::read_only, fmt::format("{}: {}; make the file and its directory writable",
                                               file.string(), describe(errc::read_only)));
    }
    if (auto const ready = migrate(*writer, file); !ready) return std::unexpected(ready.error());
    writer->handle().exec("PRAGMA journal_mode = WAL");
    make_durable(*writer);
    auto reader = std::make_unique<database>(file, database::mode::read_only);
    return std::unique_ptr<catalog>{
        new catalog{data_dir, std::move(*lock), std::move(writer), std::move(reader)}};
  } catch (SQLite::Exception const& error) {
    return std::unexpected(from_sqlite(error, file));
  }
}

result<std::unique_ptr<catalog>> catalog::open_beside(std::filesystem::path const& data_dir) {
  auto reader = open_read_only(data_dir);
  if (!reader) return std::unexpected(reader.error());
  auto const file = data_dir / "vinny.db";
  try {
    if ((*reader)->number("PRAGMA user_version") != catalog_version()) {
      return fail(errc::catalog_newer,
                  fmt::format("{}: of an older version; start the daemon that holds it first",
                              file.string()));
    }
    auto writer = std::make_unique<database>(file, database::mode::read_write);
    make_durable(*writer);
    return std::unique_ptr<catalog>{
        new catalog{data_dir, std::nullopt, std::move(writer), std::move(*reader)}};
  } catch (SQLite::Exception const& error) {
    return std::unexpected(from_sqlite(error, file));
  }
}

result<std::unique_ptr<database>> catalog::open_read_only(std::filesystem::path const& data_dir) {
  auto const file = data_dir / "vinny.db";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    return fail(errc::not_found,
                fmt::format("{}: there is no catalog yet; `vinny sync` makes it", file.string()));
  }
  try {
    auto db = std::make_unique<database>(file, database::mode::read_only);
    if (db->number("PRAGMA user_version") > catalog_version()) {
      return fail(errc::catalog_newer,
                  fmt::format("{}: written by a newer version of vinny", file.string()));
    }
    return db;
  } catch (SQLite::Exception const& error) {
    return std::unexpected(from_sqlite(error, file));
  }
}

}  // namespace vinny
