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
#include <span>

#include "core/text.hpp"
#include "core/time.hpp"
#include "model/run.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr int bar_width = 28;
constexpr long long line_every_ms = 2000;
constexpr std::size_t errors_shown = 10;

struct bar_row {
  std::string_view label;
  std::string_view step;
  std::string_view noun;
};
constexpr std::array rows{
    bar_row{"pages", "scrape", "read"}, bar_row{"images", "images", "fetched"},
    bar_row{"objects", "upload", "stored"}, bar_row{"rows", "publish", "written"}};
/// Runs of one stage: alone, with their rate and the time left.
constexpr std::array single_rows{bar_row{"rows", "ingest", "read"},
                                 bar_row{"images", "specimens", "fetched"},
                                 bar_row{"rows", "library", "done"}};

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

std::span<bar_row const> rows_of(json::value const& progress) {
  for (auto const& row : single_rows) {
    auto const stage = stage_of(progress, row.step);
    auto const all = number(stage, "done") + number(stage, "failed") + number(stage, "active") +
                     number(stage, "pending");
    if (all > 0) return {&row, 1};
  }
  return rows;
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

void print_ingest(json::value const& counts) {
  auto const n = [&](std::string_view key) { return number(counts, key); };
  fmt::print("  rows     {} read, {} rejected\n", n("list_rows"), n("list_rejected"));
  fmt::print("  images   {} distinct, of {} specimens\n", n("list_images"), n("list_gbif_ids"));
  if (n("list_retired") > 0) {
    fmt::print("  retired  {}: no list names them any more; their files stay\n", n("list_retired"));
  }
}

void print_specimens(json::value const& counts) {
  auto const n = [&](std::string_view key) { return number(counts, key); };
  fmt::print("  images   {} fetched, {} were there, {} failed\n", n("specimens_fetched"),
             n("specimens_adopted"), n("specimens_failed"));
  if (n("objects_put") + n("objects_unchanged") + n("objects_failed") > 0) {
    fmt::print("  objects  {} stored, {} were there, {} failed\n", n("objects_put"),
               n("objects_unchanged"), n("objects_failed"));
  }
  if (n("deferred") > 0) fmt::print("  deferred {}: left for a later run\n", n("deferred"));
}

void print_captures(json::value const& counts) {
  auto const n = [&](std::string_view key) { return number(counts, key); };
  fmt::print("  captures {} found, {} added, {} changed, {} removed\n", n("captures_found"),
             n("captures_added"), n("captures_changed"), n("captures_removed"));
  if (n("captures_passed_over") > 0) {
    fmt::print("  others   {} files are no JPEG or PNG by their names\n",
               n("captures_passed_over"));
  }
}

void print_verified(json::value const& counts) {
  auto const n = [&](std::string_view key) { return number(counts, key); };
  if (n("objects_lost") + n("objects_changed") > 0) {
    fmt::print(
        "  objects  {} had been lost, {} had become something else: vinny images upload-r2 "
        "puts them again\n",
        n("objects_lost"), n("objects_changed"));
  }
  fmt::print(
      "  thumbs   {} checked, {} had been lost: they are made again when they are asked "
      "for\n",
      n("thumbnails_checked"), n("thumbnails_lost"));
  fmt::print("  unnamed  {} objects removed\n", n("objects_unnamed"));
  if (n("uploads_lost") > 0) {
    fmt::print("  uploads  {} are gone from the store; the log names them\n", n("uploads_lost"));
  }
}

/// What `vinny verify` found not to be as it was recorded.
std::int64_t mismatches(json::value const& counts) {
  return number(counts, "objects_lost") + number(counts, "objects_changed") +
         number(counts, "thumbnails_lost") + number(counts, "objects_unnamed") +
         number(counts, "uploads_lost");
}

/// How many rows are left; `unknown` when nobody could count them.
std::string remaining_of(json::value const& counts, std::string_view unknown) {
  auto const left = number(counts, "remaining");
  return left == not_counted ? std::string{unknown} : std::to_string(left);
}

void print_library(std::string_view pipeline, json::value const& counts) {
  auto const n = [&](std::string_view key) { return number(counts, key); };
  if (pipeline == "library-import") {
    fmt::print("  library  {} rows and {} artists read, {} lines rejected\n", n("library_rows"),
               n("library_artists"), n("library_rejected"));
  } else if (pipeline == "library-artist-names") {
    fmt::print("  names    {} rows took their artist's, {} have none\n", n("library_named"),
               remaining_of(counts, "it is not known how many"));
  } else {
    fmt::print("  artwork  {} rows asked for: {} found, {} raced, {} without, {} failed\n",
               n("scanned"), n("enriched_match"), n("enriched_match_raced"), n("enriched_no_match"),
               n("lml_error"));
    fmt::print("  left     {}\n", remaining_of(counts, "not counted"));
  }
}

/// `vinny library backfill --json`.
std::string backfill_line(json::value const& counts) {
  return fmt::format(
      R"({{"scanned":{},"enriched_match":{},"enriched_match_raced":{},"enriched_no_match":{},)"
      R"("lml_error":{},"remaining":{}}})",
      number(counts, "scanned"), number(counts, "enriched_match"),
      number(counts, "enriched_match_raced"), number(counts, "enriched_no_match"),
      number(counts, "lml_error"), remaining_of(counts, "null"));
}

/// `vinny specimens ingest --json`.
std::string ingest_line(json::value const& counts, double seconds) {
  return fmt::format(R"({{"rows":{},"rejected":{},"images":{},"gbif_ids":{},"seconds":{:.3f}}})",
                     number(counts, "list_rows"), number(counts, "list_rejected"),
                     number(counts, "list_images"), number(counts, "list_gbif_ids"), seconds);
}

void print_counts(json::value const& counts) {
  auto const n = [&](std::string_view key) { return number(counts, key); };
  fmt::print(
      "  pages    {} found, {} read, {} unchanged, {} past, {} denied by robots.txt, {} failed\n",
      n("pages_found"), n("pages_read"), n("pages_unchanged"), n("pages_past"), n("pages_denied"),
      n("pages_failed"));
  fmt::print("  events   {} read, {} elsewhere\n", n("events"), n("events_elsewhere"));
  fmt::print("  images   {} fetched, {} files made, {} failed\n", n("images_fetched"),
             n("renditions"), n("images_failed"));
  if (n("images_refused") > 0) {
    fmt::print(
        "  missing  {} files: their images were refused, and are asked for again another day "
        "(now: vinny images retry)\n",
        n("images_refused"));
  }
  fmt::print("  objects  {} stored{}\n", n("objects_put"),
             n("objects_lost") + n("objects_changed") > 0
                 ? fmt::format(", {} had been lost, {} had become something else",
                               n("objects_lost"), n("objects_changed"))
                 : "");
  fmt::print("  rows     {} written, {} removed, {} unchanged\n", n("rows_written"),
             n("rows_removed"), n("rows_unchanged"));
  if (n("deferred") > 0) {
    fmt::print("  deferred {}: left for a later run\n", n("deferred"));
  }
}

void print_outcome(std::string_view pipeline, json::value const& counts) {
  if (pipeline == "specimens-ingest") return print_ingest(counts);
  if (pipeline == "specimens-download") return print_specimens(counts);
  if (pipeline == "captures-sync") return print_captures(counts);
  if (pipeline == "verify") return print_verified(counts);
  if (pipeline.starts_with("library-")) return print_library(pipeline, counts);
  print_counts(counts);
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
    auto const stage = stage_of(progress, row.step);
    auto const done = number(stage, "done");
    auto const failed = number(stage, "failed");
    auto const total = done + failed + number(stage, "active") + number(stage, "pending");
    auto const filled = total > 0 ? static_cast<int>((done + failed) * bar_width / total) : 0;
    std::string bar;
    for (int i = 0; i < bar_width; ++i) bar += i < filled ? "━" : "─";
    frame += fmt::format("\x1b[2K{:<8} {}{}{} {:>6}/{:<6} {}{}{}\n", row.label,
                         colour_ ? "\x1b[36m" : "", bar, colour_ ? "\x1b[0m" : "", done, total,
                         row.noun, failed > 0 ? fmt::format(", {} failed", failed) : "",
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
    auto const stage = stage_of(progress, row.step);
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
  auto const counts = run->as_object().contains("counts") ? run->at("counts") : json::value{};
  auto const why = text(*run, "error");
  auto const lost = number(counts, "pages_failed") + number(counts, "images_failed") +
                    number(counts, "objects_failed") + number(counts, "specimens_failed") +
                    number(counts, "library_rejected") +
                    (number(counts, "deferred") > 0 ? 0 : number(counts, "lml_error"));
  auto const seconds = seconds_between(text(*run, "started_at"), text(*run, "finished_at"));
  bool const ingested = text(*run, "pipeline") == "specimens-ingest";
  bool const backfilled = text(*run, "pipeline") == "library-backfill";
  if (options.json) {
    fmt::print("{}\n", ingested && state == "done" ? ingest_line(counts, seconds)
                       : backfilled                ? backfill_line(counts)
                                                   : document);
  } else if (!options.quiet) {
    fmt::print("run {} {} in {:.1f} s\n", text(*run, "id"), state, seconds);
    print_outcome(text(*run, "pipeline"), counts);
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
  bool const verified = text(*run, "pipeline") == "verify";
  if (verified && state == "done" && mismatches(counts) > 0) return exit_code::mismatch;
  if (state == "done") return exit_code::done;
  if (state == "partial") return lost > 0 ? exit_code::partial : exit_code::try_again;
  return state == "cancelled" ? exit_code::cancelled : exit_code::failed;
}

}  // namespace vinny
