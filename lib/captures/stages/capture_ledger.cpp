// SPDX-License-Identifier: MIT
#include "captures/stages/capture_ledger.hpp"

#include <fmt/format.h>

#include "captures/stages/capture_care.hpp"

namespace vinny {

task<result<>> capture_ledger::verify(run_context& run) const {
  return check_thumbnails(run);
}

std::string capture_ledger::line(tally const& counts) const {
  return fmt::format("{} thumbnails, {} lost", counts["thumbnails_checked"],
                     counts["thumbnails_lost"]);
}

std::string capture_ledger::report(tally const& counts) const {
  auto out = fmt::format(
      "  thumbs   {} checked, {} had been lost: they are made again when they are asked for\n"
      "  unnamed  {} objects removed\n",
      counts["thumbnails_checked"], counts["thumbnails_lost"], counts["objects_unnamed"]);
  if (counts["uploads_lost"] > 0) {
    out += fmt::format("  uploads  {} are gone from the store; the log names them\n",
                       counts["uploads_lost"]);
  }
  return out;
}

std::int64_t capture_ledger::mismatches(tally const& counts) const {
  return counts["thumbnails_lost"] + counts["objects_unnamed"] + counts["uploads_lost"];
}

}  // namespace vinny
