// SPDX-License-Identifier: MIT
#include "command/output.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/text.hpp"
#include "core/time.hpp"
#include "model/subsystem.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr int bar_width = 28;
constexpr long long line_every_ms = 2000;
constexpr std::size_t errors_shown = 10;

std::int64_t number(json::value const& from, std::string_view key) {
  auto const* const object = from.if_object();
  auto const* const value = object != nullptr ? object->if_contains(key) : nullptr;
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

std::string text(json::value const& from, std::string_view key) {
  auto const* const object = from.if_object();
  auto const* const value = object != nullptr ? object->if_contains(key) : nullptr;
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

json::value stage_of(json::value const& progress, std::string_view step) {
  auto const* const object = progress.if_object();
  auto const* const stages = object != nullptr ? object->if_contains("stages") : nullptr;
  if (stages == nullptr || !stages->is_array()) return {};
  for (auto const& one : stages->get_array()) {
    if (text(one, "step") == step) return one;
  }
  return {};
}

/// The bars of a run: of a step that is told alone, while it has work, only that one.
std::vector<step_words> rows_of(json::value const& progress) {
  std::vector<step_words> together;
  for (auto const& row : all_steps()) {
    if (!row.alone) {
      if (!row.label.empty()) together.push_back(row);
      continue;
    }
    auto const stage = stage_of(progress, name(row.step));
    auto const all = number(stage, "done") + number(stage, "failed") + number(stage, "active") +
                     number(stage, "pending");
    if (all > 0) return {row};
  }
  return together;
}

bool is_terminal(int fd) {
  char const* const term = std::getenv("TERM");
  return ::isatty(fd) == 1 && term != nullptr && std::string_view{term} != "dumb";
}

double seconds_between(std::string const& from, std::string const& to) {
  auto const a = from_rfc3339(from);
  auto const b = from_rfc3339(to);
  return a && b ? std::chrono::duration<double>(*b - *a).count() : 0.0;
}

tally counts_of(json::value const& run) {
  tally out;
  auto const* const counts = run.as_object().if_contains("counts");
  if (counts == nullptr || !counts->is_object()) return out;
  for (auto const& [name, value] : counts->get_object()) {
    if (value.is_int64()) out.set(name, value.get_int64());
  }
  return out;
}

}  // namespace

void complain(std::string_view message) {
  fmt::print(stderr, "vinny: {}\n", printable(message));
}

progress_view::progress_view(output_options const& options)
    : bars_(!options.quiet && !options.json && is_terminal(STDERR_FILENO)),
      lines_(!options.quiet && !options.json && !bars_),
      colour_(bars_ && !options.no_color && std::getenv("NO_COLOR") == nullptr) {}

progress_view::~progress_view() {
  finish();
}

void progress_view::show(std::string_view progress_json) {
  if (bars_) draw(progress_json);
  if (lines_) tell(progress_json);
}

void progress_view::finish() {
  if (drawn_ == 0) return;
  fmt::print(stderr, "\x1b[{}A\x1b[J", drawn_);
  std::fflush(stderr);
  drawn_ = 0;
}

std::string progress_view::rate(std::int64_t done, std::int64_t left) {
  auto const at = now().time_since_epoch().count();
  if (began_at_ == 0) {
    began_at_ = at;
    began_with_ = done;
  }
  auto const seconds = static_cast<double>(at - began_at_) / 1000.0;
  auto const each = seconds > 0.0 ? static_cast<double>(done - began_with_) / seconds : 0.0;
  if (each < 0.05) return {};
  auto const rest = static_cast<std::int64_t>(static_cast<double>(left) / each);
  return fmt::format(", {:.{}f}/s, {}:{:02}:{:02} left", each, each < 10 ? 1 : 0, rest / 3600,
                     rest / 60 % 60, rest % 60);
}

void progress_view::draw(std::string_view progress_json) {
  boost::system::error_code error;
  auto const progress = json::parse(progress_json, error);
  if (error) return;
  std::string frame;
  if (drawn_ > 0) frame = fmt::format("\x1b[{}A", drawn_);
  auto const shown = rows_of(progress);
  for (auto const& row : shown) {
    auto const stage = stage_of(progress, name(row.step));
    auto const done = number(stage, "done");
    auto const failed = number(stage, "failed");
    auto const total = done + failed + number(stage, "active") + number(stage, "pending");
    auto const filled = total > 0 ? static_cast<int>((done + failed) * bar_width / total) : 0;
    std::string bar;
    for (int i = 0; i < bar_width; ++i) bar += i < filled ? "━" : "─";
    frame += fmt::format("\x1b[2K{:<8} {}{}{} {:>6}/{:<6} {}{}{}\n", row.label,
                         colour_ ? "\x1b[36m" : "", bar, colour_ ? "\x1b[0m" : "", done, total,
                         row.verb, failed > 0 ? fmt::format(", {} failed", failed) : "",
                         shown.size() == 1 ? rate(done + failed, total - done - failed) : "");
  }
  drawn_ = static_cast<int>(shown.size());
  fmt::print(stderr, "{}", frame);
  std::fflush(stderr);
}

void progress_view::tell(std::string_view progress_json) {
  auto const at = now().time_since_epoch().count();
  if (at - last_line_at_ < line_every_ms) return;
  last_line_at_ = at;
  boost::system::error_code error;
  auto const progress = json::parse(progress_json, error);
  if (error) return;
  std::string line;
  std::int64_t all = 0;
  auto const shown = rows_of(progress);
  for (auto const& row : shown) {
    auto const stage = stage_of(progress, name(row.step));
    auto const done = number(stage, "done");
    auto const over = done + number(stage, "failed");
    auto const left = number(stage, "active") + number(stage, "pending");
    all += over + left;
    line += fmt::format("{}{} {}/{}{}", line.empty() ? "" : "  ", row.label, done, over + left,
                        shown.size() == 1 ? rate(over, left) : "");
  }
  if (all > 0) fmt::print(stderr, "{}\n", line);
}

int report_run(std::string const& document, output_options const& options, errors_to_show show) {
  boost::system::error_code error;
  auto const parsed = json::parse(document, error);
  auto const* const object = parsed.if_object();
  auto const* const run = object != nullptr ? object->if_contains("run") : nullptr;
  if (error || run == nullptr) {
    complain("the run's outcome cannot be read");
    return exit_code::failed;
  }
  auto const state = text(*run, "state");
  auto const counts = counts_of(*run);
  auto const why = text(*run, "error");
  auto const seconds = seconds_between(text(*run, "started_at"), text(*run, "finished_at"));
  auto const* const kind = find_job_kind(text(*run, "pipeline"));
  if (options.json) {
    auto const line = kind != nullptr && kind->json_line != nullptr
                          ? kind->json_line(counts, state, seconds)
                          : std::string{};
    fmt::print("{}\n", line.empty() ? document : line);
  } else if (!options.quiet) {
    fmt::print("run {} {} in {:.1f} s\n", text(*run, "id"), state, seconds);
    if (kind != nullptr && kind->report != nullptr) fmt::print("{}", kind->report(counts));
  }
  if (!options.json && object->contains("errors")) {
    auto const& errors = object->at("errors").as_array();
    auto const shown =
        show == errors_to_show::all ? errors.size() : std::min(errors.size(), errors_shown);
    for (std::size_t i = 0; i < shown; ++i) {
      // Asked for, they are the data; beside an outcome, they are a remark.
      fmt::print(show == errors_to_show::all ? stdout : stderr, "  {:<8} {}\n",
                 text(errors[i], "step"), printable(text(errors[i], "message")));
    }
    if (errors.size() > shown) {
      fmt::print(stderr, "  … and {} more: vinny runs {}\n", errors.size() - shown,
                 text(*run, "id"));
    }
  }
  if (!why.empty()) complain(why);
  bool const differs =
      kind != nullptr && kind->mismatches != nullptr && kind->mismatches(counts) > 0;
  if (state == "done" && differs) return exit_code::mismatch;
  if (state == "done") return exit_code::done;
  if (state == "partial") return counts.lost() > 0 ? exit_code::partial : exit_code::try_again;
  return state == "cancelled" ? exit_code::cancelled : exit_code::failed;
}

}  // namespace vinny
