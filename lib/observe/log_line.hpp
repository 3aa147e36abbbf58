// SPDX-License-Identifier: MIT
//
// How one log event becomes one line of text. Pure functions; the sink is observe/log.hpp.
#pragma once

#include <string>

#include "observe/log.hpp"

namespace vinny {

/// Longest line in bytes, newline, colours and journald's prefix not counted.
inline constexpr std::size_t max_log_line = std::size_t{16} * 1024;

/// The event with what may not be printed taken out: invalid UTF-8 replaced, queries of URLs
/// dropped from every text; clipped, and at last cut off, so that its line keeps the limit.
[[nodiscard]] log_record clean(log_record record);

/// `{"timestamp":…,"level":…,"step":…,"message":…,"run_id":…, fields in order}`, no newline; no
/// run_id when there is none. A field named like one of these gets a trailing underscore; numbers
/// that JSON does not have (NaN, infinity) become null. The record should be clean.
[[nodiscard]] std::string to_json_line(log_record const& record);

/// `12:03:04 WARN  fetch  message  key=value` in UTC, no newline. Control characters are escaped,
/// so that a message cannot steer the terminal. The record should be clean.
[[nodiscard]] std::string to_pretty_line(log_record const& record, bool colour);

/// Syslog's priority for journald's `<n>` prefix (sd-daemon(3)): 7 debug, 6 info, 4 warn, 3 error.
[[nodiscard]] int journal_priority(log_level level) noexcept;

/// True when `journal_stream` ("dev:ino", systemd.exec(5)) is the file behind `fd`. May be null.
[[nodiscard]] bool is_journal_stream(char const* journal_stream, int fd) noexcept;

}  // namespace vinny
