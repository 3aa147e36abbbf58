// SPDX-License-Identifier: MIT
//
// The tracking database: an open catalog is the lock, one writing thread with group commit and
// one reading thread. What is in it is told by the headers beside this one, a topic each.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "catalog/lock.hpp"
#include "catalog/worker.hpp"

namespace vinny {

class catalog {
 public:
  /// Opens or creates `<data_dir>/vinny.db` and takes the lock. Errors: catalog_locked,
  /// catalog_newer, catalog_corrupt, network_filesystem, read_only, permission_denied, disk_full.
  [[nodiscard]] static result<std::unique_ptr<catalog>> open(std::filesystem::path const& data_dir,
                                                             std::string const& program);
  /// For a program that works beside the one with the lock, on what is meant for that (captures'
  /// leases): an existing catalog of this version, without the lock. Errors: not_found,
  /// catalog_newer (also: older), catalog_corrupt, read_only.
  [[nodiscard]] static result<std::unique_ptr<catalog>> open_beside(
      std::filesystem::path const& data_dir);
  /// For reports beside another program: read-only, no lock. Fails with not_found when there is
  /// no catalog yet.
  [[nodiscard]] static result<std::unique_ptr<database>> open_read_only(
      std::filesystem::path const& data_dir);

  /// See catalog_worker::run: a write in a transaction, a read on its own connection.
  template <class Work>
  [[nodiscard]] auto write(Work work) {
    return writer_.run(std::move(work));
  }
  template <class Work>
  [[nodiscard]] auto read(Work work) {
    return reader_.run(std::move(work));
  }
  void note(std::function<void(database&)> work) { writer_.post(std::move(work)); }

  [[nodiscard]] std::filesystem::path const& data_dir() const noexcept { return data_dir_; }
  [[nodiscard]] std::filesystem::path const& file() const noexcept { return file_; }
  [[nodiscard]] std::chrono::steady_clock::duration lag() const { return writer_.lag(); }

 private:
  catalog(std::filesystem::path data_dir, std::optional<catalog_lock> lock,
          std::unique_ptr<database> writer, std::unique_ptr<database> reader);

  std::filesystem::path data_dir_;
  std::filesystem::path file_;
  std::optional<catalog_lock> lock_;
  catalog_worker writer_;
  catalog_worker reader_;
};

}  // namespace vinny
