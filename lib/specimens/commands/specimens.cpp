// SPDX-License-Identifier: MIT
#include "specimens/commands/specimens.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "blob/file.hpp"
#include "specimens/stages/specimen_check.hpp"
#include "specimens/stages/specimen_report.hpp"

namespace vinny {
namespace {

constexpr int files_looked_at = 1000;
constexpr int tries = 3;

/// A reader beside a busy writer may be turned away: it tries again.
specimen_report read_report(config const& settings, database& db) {
  for (int i = 1;; ++i) {
    try {
      return report_specimens(db, settings.data_dir / "vinny.db", now());
    } catch (SQLite::Exception const&) {
      if (i == tries) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds{i == 1 ? 500 : 2000});
    }
  }
}

}  // namespace

int show_specimens(config const& settings, database& db, output_options const& how,
                   std::filesystem::path const& output_dir) {
  auto const report = read_report(settings, db);
  auto text = to_text(report);
  std::string written;
  if (!output_dir.empty()) {
    std::error_code error;
    std::filesystem::create_directories(output_dir, error);
    auto const file =
        fmt::format("summary_{:%Y%m%d%H%M}.txt",
                    fmt::gmtime(std::chrono::system_clock::to_time_t(
                        std::chrono::time_point_cast<std::chrono::seconds>(report.at))));
    written = (output_dir / file).string();
    text += fmt::format("\n{}\n", written);
    if (auto const done = file_root{output_dir}.write(file, text); !done) {
      complain(done.error().message);
      return exit_code::failed;
    }
    std::filesystem::remove(output_dir / ".vinny-tmp", error);
  }
  fmt::print("{}", how.json ? to_json(report) + '\n' : text);
  return exit_code::done;
}

int check_specimens(config const& settings, database& db, output_options const& how) {
  auto const found = check_specimens(db, file_root{settings.data_dir}, files_looked_at);
  fmt::print("{}", how.json ? to_json(found) + '\n' : to_text(found));
  return found.good() ? exit_code::done : exit_code::mismatch;
}

}  // namespace vinny
