// SPDX-License-Identifier: MIT
//
// The rows of a table, one after the other, without their being in memory together. Only the
// columns that were asked for are looked at.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "blob/byte_source.hpp"
#include "specimens/source/meta.hpp"

namespace vinny {

struct table_row {
  std::string_view id;
  std::string_view url;
  std::string_view type;
  std::string_view line;    // all of it
  std::int64_t number = 0;  // of the line, from 1
  bool complete = true;     // it has the columns of id and URL
  bool cut = false;         // it was too long
};

class table_reader {
 public:
  /// Of longer rows only the end is given, as incomplete.
  static constexpr std::size_t longest_row = 1 << 20;

  table_reader(std::unique_ptr<byte_source> source, table_format format);

  /// Reads the header's lines; where the columns are not known yet, they are found in the last one.
  [[nodiscard]] result<> start();
  /// Goes on behind that many bytes and lines instead: from position() and line() of before.
  [[nodiscard]] result<> resume(std::int64_t position, std::int64_t line);

  /// The next row; views are good until the next call. False: the end.
  [[nodiscard]] result<bool> next(table_row& out);

  [[nodiscard]] std::int64_t position() const noexcept { return position_; }
  [[nodiscard]] std::int64_t line() const noexcept { return line_; }
  [[nodiscard]] byte_source const& source() const noexcept { return *source_; }
  [[nodiscard]] table_format const& format() const noexcept { return format_; }

 private:
  [[nodiscard]] result<bool> next_line(std::string_view& out);
  [[nodiscard]] result<bool> refill();
  /// Where the row in hand ends, looked for from `from` on; npos: not in the buffer. `quoted`: the
  /// buffer ends inside quotes.
  [[nodiscard]] std::size_t row_end(std::size_t from, bool& quoted) const noexcept;
  [[nodiscard]] std::unexpected<failure> unclosed() const;
  void take_plain(std::string_view line, table_row& out) const noexcept;
  void take_quoted(std::string_view line, table_row& out);

  std::unique_ptr<byte_source> source_;
  table_format format_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
  bool cut_ = false;  // the line in hand was too long
  std::int64_t position_ = 0;
  std::int64_t line_ = 0;
  std::array<std::string, 3> unquoted_;
};

}  // namespace vinny
