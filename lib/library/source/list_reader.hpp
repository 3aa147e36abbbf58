// SPDX-License-Identifier: MIT
//
// Lists of library rows and of artists: CSV with a header (RFC 4180) or JSON lines, gzipped too.
// They are told apart by their columns:
//   id, artist_id, album_title [, artwork_url, label, discogs_unavailable]     rows
//   id, artist_name [, discogs_artist_id]                                      artists
// Blocking: used on the cpu pool.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/failure.hpp"
#include "library/model/library.hpp"

namespace vinny {

/// A line that is neither, and why.
struct rejected_line {
  std::int64_t line = 0;
  std::string reason;
};

using library_entry = std::variant<library_row, library_artist, rejected_line>;

class library_list {
 public:
  /// Errors: not_found, permission_denied, io_error; bad_archive for a header that is none.
  [[nodiscard]] static result<std::unique_ptr<library_list>> open(
      std::filesystem::path const& file);
  virtual ~library_list() = default;

  /// The next entries, at most so many; none: the end. Errors: io_error, bad_archive.
  [[nodiscard]] virtual result<std::vector<library_entry>> next(std::size_t most) = 0;

  [[nodiscard]] virtual std::int64_t consumed() const noexcept = 0;  // bytes of the file
  [[nodiscard]] virtual std::int64_t size() const noexcept = 0;
};

}  // namespace vinny
