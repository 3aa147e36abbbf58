// SPDX-License-Identifier: MIT
//
// meta.xml of a Darwin Core archive: which of its tables lists media, and how that table is
// written (Darwin Core text guide, sections 2 and 3). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

/// How a table is written, and where in a row what we want stands.
struct table_format {
  std::vector<std::string> files;  // members, in order; one table in several parts
  char delimiter = '\t';
  char quote = 0;  // 0: values are never quoted
  int header_lines = 1;
  /// Columns from 0; -1: there is none. Without meta.xml they are found by the header.
  int id = -1;
  int url = -1;
  int type = -1;
  /// What a row has for the whole table (`<field default=…>` without an index).
  std::string default_type;
};

/// The media table. Errors: bad_archive with the reason: no table of media, no column of addresses,
/// an encoding or a line end that is not supported.
[[nodiscard]] result<table_format> read_meta(std::string_view xml);

/// The columns by the names in the first line: gbifID, identifier (or accessURI) and type.
/// `header` is one line without its end. bad_archive names what is missing.
[[nodiscard]] result<> find_columns(std::string_view header, table_format& out);

}  // namespace vinny
