// SPDX-License-Identifier: MIT
#include "observe/log.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>

#include "observe/log_line.hpp"
#include "observe/log_ring.hpp"
#include "observe/log_writer.hpp"

namespace vinny {
namespace {

constexpr std::size_t kept_problems = 200;
constexpr std::chrono::seconds flush_patience{1};

/// How a line looks where it goes.
struct line_style {
  bool pretty = false;
  bool colour = false;
  bool journal = false;

  /// Of a clean record, whose JSON is known already.
  [[nodiscard]] std::string line_of(log_record const& record, std::string_view json) const {
    std::string out;
    if (journal) out = {'<', static_cast<char>('0' + journal_priority(record.level)), '>'};
    out += pretty ? to_pretty_line(record, colour) : json;
    out += '\n';
    return out;
  }
};

struct sink {
  std::mutex mutex;
  int fd = 2;
  line_style style;
  std::shared_ptr<log_writer> apart;  // null: lines are written where they arise
  std::shared_ptr<log_ring> ring;
  std::deque<log_record> problems;  // newest first
  std::function<void(log_record const&)> listener;
};

/// Of this thread.
thread_local run_tag present_run;

std::atomic<log_level> current_level{log_level::info};
std::array<std::atomic<std::uint64_t>, log_level_count> counts{};

bool wants_colour() {
  auto const* const no_colour = std::getenv("NO_COLOR");  // no-color.org
  auto const* const term = std::getenv("TERM");
  return (no_colour == nullptr || *no_colour == '\0') && term != nullptr &&
         std::string_view{term} != "dumb";
}

std::string lost_line(line_style const& style, std::uint64_t lost) {
  log_record const record{.at = now(),
                          .level = log_level::warn,
                          .step = "log",
                          .message = "lines were lost: nobody read the log",
                          .run_id = {},
                          .fields = {field("lost", lost)}};
  return style.line_of(record, to_json_line(record));
}

void apply(sink& to, log_options const& options) {
  auto const terminal = ::isatty(options.fd) == 1;
  to.fd = options.fd;
  to.style.pretty =
      options.format == log_format::pretty || (options.format == log_format::automatic && terminal);
  to.style.colour = options.colour.value_or(terminal && wants_colour());
  to.style.journal = is_journal_stream(std::getenv("JOURNAL_STREAM"), options.fd);
  to.apart = options.apart ? std::make_shared<log_writer>(options.fd,
                                                          [style = to.style](std::uint64_t lost) {
                                                            return lost_line(style, lost);
                                                          })
                           : nullptr;
  to.ring = options.keep_lines > 0 ? std::make_shared<log_ring>(options.keep_lines) : nullptr;
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

std::shared_ptr<log_ring> the_ring() {
  auto& from = the_sink();
  std::lock_guard const lock{from.mutex};
  return from.ring;
}

std::shared_ptr<log_writer> the_writer() {
  auto& from = the_sink();
  std::lock_guard const lock{from.mutex};
  return from.apart;
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
                    .run_id = present_run.text(),
                    .fields = std::move(fields)};
  record = clean(std::move(record));
  counts[static_cast<std::size_t>(level)].fetch_add(1, std::memory_order_relaxed);

  std::lock_guard const lock{to.mutex};
  auto json = to_json_line(record);
  auto line = to.style.line_of(record, json);
  if (to.apart) {
    to.apart->put(std::move(line));
  } else {
    write_line(to.fd, line);
  }
  if (to.ring) to.ring->keep(level, record.run_id, std::move(json));
  if (to.listener) to.listener(record);
  if (level < log_level::warn) return;
  to.problems.push_front(std::move(record));
  if (to.problems.size() > kept_problems) to.problems.pop_back();
} catch (std::exception const&) {
  return;  // Out of memory, or a listener that failed: the work must not end because of its log.
}

run_scope::run_scope(run_tag run) noexcept : previous_(std::exchange(present_run, run)) {}

run_scope::~run_scope() {
  present_run = previous_;
}

run_tag current_run() noexcept {
  return present_run;
}

std::array<std::uint64_t, log_level_count> log_counts() noexcept {
  std::array<std::uint64_t, log_level_count> out{};
  for (std::size_t i = 0; i < log_level_count; ++i) {
    out[i] = counts[i].load(std::memory_order_relaxed);
  }
  return out;
}

std::uint64_t lost_log_lines() {
  auto const writer = the_writer();
  return writer ? writer->lost() : 0;
}

void flush_log() {
  if (auto const writer = the_writer()) writer->flush(flush_patience);
}

kept_lines last_lines(log_filter const& which, std::size_t most) {
  auto const ring = the_ring();
  return ring ? ring->last(which, most) : kept_lines{};
}

kept_lines lines_after(std::uint64_t seen, log_filter const& which, std::size_t most) {
  auto const ring = the_ring();
  return ring ? ring->after(seen, which, most) : kept_lines{};
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
