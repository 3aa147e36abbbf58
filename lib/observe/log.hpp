// SPDX-License-Identifier: MIT
//
// The log: one structured event a line. What a line looks like is in observe/log_line.hpp; what
// may be logged is decided by the overloads of field(): URLs lose their query, secrets have no
// overload and so do not compile.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/errc.hpp"
#include "core/time.hpp"
#include "core/ulid.hpp"
#include "core/url.hpp"

namespace vinny {

enum class log_level { trace, debug, info, warn, error };
inline constexpr std::size_t log_level_count = 5;

[[nodiscard]] std::string_view name(log_level level) noexcept;
[[nodiscard]] std::optional<log_level> log_level_from_name(std::string_view name) noexcept;

struct log_field {
  std::string key;
  std::variant<std::string, std::int64_t, double, bool> value;
};

[[nodiscard]] inline log_field field(std::string_view key, std::string_view value) {
  return {std::string{key}, std::string{value}};
}
[[nodiscard]] inline log_field field(std::string_view key, char const* value) {
  return field(key, std::string_view{value});
}
[[nodiscard]] inline log_field field(std::string_view key, std::string const& value) {
  return field(key, std::string_view{value});
}
[[nodiscard]] inline log_field field(std::string_view key, url const& value) {
  return {std::string{key}, value.safe()};
}
[[nodiscard]] inline log_field field(std::string_view key, errc value) {
  return field(key, name(value));
}
[[nodiscard]] log_field field(std::string_view key, std::same_as<bool> auto value) {
  return {std::string{key}, value};
}
template <std::integral T>
  requires(!std::same_as<T, bool>)
[[nodiscard]] log_field field(std::string_view key, T value) {
  return {std::string{key}, static_cast<std::int64_t>(value)};
}
[[nodiscard]] log_field field(std::string_view key, std::floating_point auto value) {
  return {std::string{key}, static_cast<double>(value)};
}
/// A duration as seconds; name the key `…_seconds`.
template <class Rep, class Period>
[[nodiscard]] log_field field(std::string_view key, std::chrono::duration<Rep, Period> value) {
  return {std::string{key}, std::chrono::duration<double>(value).count()};
}

/// One event, as listeners and the list of recent problems see it: clean UTF-8, no query strings.
struct log_record {
  instant at;
  log_level level = log_level::info;
  std::string step;
  std::string message;
  std::string run_id;  // empty: no run is active
  std::vector<log_field> fields;
};

enum class log_format { automatic, json, pretty };  // automatic: pretty on a terminal, else JSON

struct log_options {
  log_level level = log_level::info;
  log_format format = log_format::automatic;
  int fd = 2;
  /// None: on a terminal, unless NO_COLOR is set or TERM is "dumb".
  std::optional<bool> colour = std::nullopt;
  /// Lines are written by a thread of their own: a reader who stops costs lines, which are counted
  /// and told, and never time. Then end with flush_log().
  bool apart = false;
  std::size_t keep_lines = 0;  // of the last ones, for last_lines()
};

/// Chooses where lines go and how they look. Before the first call: info, automatic, stderr.
/// Lines get journald's priority prefix when $JOURNAL_STREAM names the very file `fd` is.
void set_up_log(log_options const& options);

void set_log_level(log_level level) noexcept;
[[nodiscard]] log_level current_log_level() noexcept;
[[nodiscard]] inline bool log_enabled(log_level level) noexcept {
  return level >= current_log_level();
}

/// Writes one event; `step` is the stage or part of the program ("fetch", "control" …). Safe from
/// any thread; a line is one write(2). Never fails: a line that cannot be written is dropped, and
/// one that is written apart and finds too many waiting is counted.
void log(log_level level, std::string_view step, std::string_view message,
         std::vector<log_field> fields);

template <std::same_as<log_field>... Fields>
void log(log_level level, std::string_view step, std::string_view message, Fields... fields) {
  if (!log_enabled(level)) return;
  std::vector<log_field> list;
  list.reserve(sizeof...(fields));
  (list.push_back(std::move(fields)), ...);
  log(level, step, message, std::move(list));
}

/// A run's id; none: of no run.
using run_tag = packed_ulid;

/// While it lives, every line of this thread carries that run's id; scopes nest. Coroutines have it
/// by their executor (task/run_executor.hpp).
class run_scope {
 public:
  explicit run_scope(run_tag run) noexcept;
  ~run_scope();
  run_scope(run_scope const&) = delete;
  run_scope& operator=(run_scope const&) = delete;

 private:
  run_tag previous_;
};
[[nodiscard]] run_tag current_run() noexcept;

/// Lines written since the start, by level.
[[nodiscard]] std::array<std::uint64_t, log_level_count> log_counts() noexcept;

/// Lines that found no room since the start, because nobody read the log.
[[nodiscard]] std::uint64_t lost_log_lines();

/// Waits a second at most until what is written apart is out.
void flush_log();

/// Which lines are wanted.
struct log_filter {
  log_level level = log_level::trace;  // this and above
  std::string run_id{};                // empty: any, also none
};
struct kept_lines {
  std::vector<std::string> lines;  // as JSON, oldest first, without line ends
  std::uint64_t last = 0;          // the newest line that was looked at; they are numbered from 1
  std::uint64_t missed = 0;        // lines that are no longer kept
};
/// The newest that fit, at most so many.
[[nodiscard]] kept_lines last_lines(log_filter const& which, std::size_t most);
/// Those after the one with the number `seen`, the oldest first, at most so many.
[[nodiscard]] kept_lines lines_after(std::uint64_t seen, log_filter const& which, std::size_t most);

/// The last 200 warnings and errors, newest first, at most `limit` of them.
[[nodiscard]] std::vector<log_record> recent_problems(std::size_t limit = 200);

/// Called for every written line, on the thread that logged it, lines in order; it must be quick
/// and must not log. An empty function ends it; no call is under way once this has returned.
void set_log_listener(std::function<void(log_record const&)> listener);

}  // namespace vinny
