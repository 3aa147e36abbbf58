// SPDX-License-Identifier: MIT
#include "observe/log.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <mutex>

#include "observe/log_line.hpp"

namespace vinny {
namespace {

constexpr std::size_t kept_problems = 200;

struct sink {
  std::mutex mutex;
  int fd = 2;
  bool pretty = false;
  bool colour = false;
  bool journal = false;
  std::string run_id;
  std::deque<log_record> problems;  // newest first
  std::function<void(log_record const&)> listener;
};

std::atomic<log_level> current_level{log_level::info};
std::array<std::atomic<std::uint64_t>, log_level_count> counts{};

bool wants_colour() {
  auto const* const no_colour = std::getenv("NO_COLOR");  // no-color.org
  auto const* const term = std::getenv("TERM");
  return (no_colour == nullptr || *no_colour == '\0') && term != nullptr &&
         std::string_view{term} != "dumb";
}

void apply(sink& to, log_options const& options) {
  auto const terminal = ::isatty(options.fd) == 1;
  to.fd = options.fd;
  to.pretty =
      options.format == log_format::pretty || (options.format == log_format::automatic && terminal);
  to.colour = options.colour.value_or(terminal && wants_colour());
  to.journal = is_journal_stream(std::getenv("JOURNAL_STREAM"), options.fd);
}

// Never destroyed: threads may still log while the process ends.
sink& the_sink() {
  static sink& instance = [] -> sink& {
    auto& made = *new sink;
    apply(made, {});
    return made;
  }();
  return instance;
}

void write_line(int fd, std::string_view line) noexcept {
  while (!line.empty()) {
    auto const written = ::write(fd, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void set_up_log(log_options const& options) {
  auto& to = the_sink();
  std::lock_guard const lock{to.mutex};
  apply(to, options);
  set_log_level(options.level);
}

void set_log_level(log_level level) noexcept {
  current_level.store(level, std::memory_order_relaxed);
}

log_level current_log_level() noexcept {
  return current_level.load(std::memory_order_relaxed);
}

void log(log_level level, std::string_view step, std::string_view message,
         std::vector<log_field> fields) try {
  if (!log_enabled(level)) return;
  auto& to = the_sink();
  log_record record{.at = now(),
                    .level = level,
                    .step = std::string{step},
                    .message = std::string{message},
                    .run_id = {},
                    .fields = std::move(fields)};
  {
    std::lock_guard const lock{to.mutex};
    record.run_id = to.run_id;
  }
  record = clean(std::move(record));
  counts[static_cast<std::size_t>(level)].fetch_add(1, std::memory_order_relaxed);

  std::lock_guard const lock{to.mutex};
  std::string line;
  if (to.journal) line = {'<', static_cast<char>('0' + journal_priority(level)), '>'};
  line += to.pretty ? to_pretty_line(record, to.colour) : to_json_line(record);
  line += '\n';
  write_line(to.fd, line);
  if (to.listener) to.listener(record);
  if (level < log_level::warn) return;
  to.problems.push_front(std::move(record));
  if (to.problems.size() > kept_problems) to.problems.pop_back();
} catch (std::exception const&) {
  return;  // Out of memory, or a listener that failed: the work must not end because of its log.
}

run_scope::run_scope(std::string run_id) : previous_(std::move(run_id)) {
  auto& to = the_sink();
  std::lock_guard const lock{to.mutex};
  std::swap(previous_, to.run_id);
}

run_scope::~run_scope() {
  auto& to = the_sink();
  std::lock_guard const lock{to.mutex};
  std::swap(previous_, to.run_id);
}

std::array<std::uint64_t, log_level_count> log_counts() noexcept {
  std::array<std::uint64_t, log_level_count> out{};
  for (std::size_t i = 0; i < log_level_count; ++i) {
    out[i] = counts[i].load(std::memory_order_relaxed);
  }
  return out;
}

std::vector<log_record> recent_problems(std::size_t limit) {
  auto& to = the_sink();
  std::lock_guard const lock{to.mutex};
  auto const count = std::min(limit, to.problems.size());
  return {to.problems.begin(), to.problems.begin() + static_cast<std::ptrdiff_t>(count)};
}

void set_log_listener(std::function<void(log_record const&)> listener) {
  auto& to = the_sink();
  std::lock_guard const lock{to.mutex};
  to.listener = std::move(listener);
}

}  // namespace vinny
