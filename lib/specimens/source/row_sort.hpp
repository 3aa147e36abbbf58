// SPDX-License-Identifier: MIT
//
// Sorts rows by gbifID outside memory: sorted runs in a folder, then merged. Rows of one specimen
// keep their order. A finished run is on disk; what is not in a run yet is lost with the process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "specimens/source/listed_rows.hpp"

namespace vinny {

class row_sorter {
 public:
  static constexpr std::size_t run_bytes = 64UZ << 20;

  /// `runs` are there already, from before.
  row_sorter(std::filesystem::path folder, int runs) : folder_(std::move(folder)), runs_(runs) {}

  void add(listed_row const& row);
  /// So much is waiting that a run should be written.
  [[nodiscard]] bool full() const noexcept {
    return text_.size() + entries_.size() * sizeof(entry) >= run_bytes;
  }
  /// Writes what was added as a run and makes it durable; nothing when nothing was added.
  [[nodiscard]] result<> write_run();
  [[nodiscard]] int runs() const noexcept { return runs_; }

 private:
  struct entry {
    std::int64_t gbif_id;
    std::uint32_t from;
    std::uint32_t size;
  };
  std::filesystem::path folder_;
  int runs_;
  std::string text_;
  std::vector<entry> entries_;
};

/// The rows of `runs` runs in order, without those up to `after`. Errors: io_error, bad_archive.
[[nodiscard]] result<std::unique_ptr<listed_rows>> merge_runs(std::filesystem::path const& folder,
                                                              int runs, std::int64_t after);

/// Removes the runs and the folder.
void remove_runs(std::filesystem::path const& folder);

}  // namespace vinny
