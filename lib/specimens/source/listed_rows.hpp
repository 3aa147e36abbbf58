// SPDX-License-Identifier: MIT
//
// A list of specimens' images as a stream of (gbifID, URL), whatever file it is in; rows that name
// no image are set aside with their line and reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "specimens/model/specimen.hpp"
#include "specimens/source/table_reader.hpp"

namespace vinny {

struct listed_row {
  std::int64_t gbif_id = 0;  // 0: no row; so much was set aside that it should be put away
  std::string_view url;      // good until the next row
};

/// Rows in some order.
class listed_rows {
 public:
  virtual ~listed_rows() = default;
  /// False: the end.
  [[nodiscard]] virtual result<bool> next(listed_row& out) = 0;
  /// Where the row that next() gave last begins: bytes and lines before it.
  [[nodiscard]] virtual std::int64_t position() const noexcept = 0;
  [[nodiscard]] virtual std::int64_t line() const noexcept = 0;
  /// What was set aside since the last call.
  [[nodiscard]] virtual std::vector<rejected_row> take_rejected() { return {}; }

 protected:
  listed_rows() = default;
  listed_rows(listed_rows const&) = default;
  listed_rows& operator=(listed_rows const&) = default;
};

/// What a row names, or the reason why it names no image (a literal; null: it does).
[[nodiscard]] char const* read_listed_row(table_row const& row, listed_row& out) noexcept;

/// A file's rows in the file's order.
class list_file final : public listed_rows {
 public:
  static constexpr std::size_t most_set_aside = 10'000;

  /// multimedia.txt as it is or by gzip, a Darwin Core archive (.zip), or a folder that holds an
  /// unpacked one. What it is, is seen from its content. Errors: not_found, permission_denied,
  /// bad_archive with the reason.
  [[nodiscard]] static result<std::unique_ptr<list_file>> open(std::filesystem::path const& path);

  [[nodiscard]] result<bool> next(listed_row& out) override;
  [[nodiscard]] std::int64_t position() const noexcept override { return row_position_; }
  [[nodiscard]] std::int64_t line() const noexcept override { return row_line_; }
  [[nodiscard]] std::vector<rejected_row> take_rejected() override {
    return std::exchange(rejected_, {});
  }
  [[nodiscard]] result<> resume(std::int64_t position, std::int64_t line) {
    return table_.resume(position, line);
  }

  /// Bytes and lines up to behind the row that next() gave last.
  [[nodiscard]] std::int64_t behind() const noexcept { return table_.position(); }
  [[nodiscard]] std::int64_t lines_behind() const noexcept { return table_.line(); }
  /// Tells this file, as it is now, from others: name, size, time of change.
  [[nodiscard]] std::string const& fingerprint() const noexcept { return fingerprint_; }
  /// How much of the file has been read, from 0 to 1; 0 when its size is not known.
  [[nodiscard]] double share_read() const noexcept;

 private:
  list_file(table_reader table, std::string fingerprint)
      : table_(std::move(table)), fingerprint_(std::move(fingerprint)) {}

  table_reader table_;
  std::string fingerprint_;
  table_row row_;
  std::vector<rejected_row> rejected_;
  std::int64_t row_position_ = 0;
  std::int64_t row_line_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t accepted_ = 0;
};

}  // namespace vinny
