// SPDX-License-Identifier: MIT
//
// The command line of `vinny` as a value.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "command/output.hpp"
#include "model/run.hpp"
#include "observe/log.hpp"
#include "policy/host_lane.hpp"
#include "run/retry.hpp"

namespace vinny {

enum class verb {
  run,
  status,
  runs,
  config_check,
  config_show,
  explain,
  doctor,
  specimens_status,
  specimens_check,
  hosts_list,
  hosts_change,
  retry,
  captures_add,
  captures_list,
  library_search,
  library_index,
  logs
};

/// Of `vinny logs`.
struct log_arguments {
  bool follow = false;
  std::string run;  // empty: of any
  log_level level = log_level::trace;
  std::size_t lines = 0;  // the last so many
};

/// Of `vinny hosts`.
struct host_arguments {
  std::vector<std::string> names;
  bool healthy = false;
  bool apply = false;
  host_change change;
};

struct arguments {
  verb what = verb::run;
  run_request request;  // of verb::run
  bool dry_run = false;
  host_arguments hosts;
  retry_wish retry;
  log_arguments logs;
  std::vector<std::string> names;    // of captures_add: files, directories, URLs
  std::string collection;            // of captures
  std::int64_t before = 0;           // of captures_list: ids below this; 0: the newest
  std::size_t limit = 50;            // of captures_list and library_search
  std::filesystem::path output_dir;  // of specimens_status
  std::string subject;               // a run's id, a key, a URL, or what is searched for
  std::optional<std::filesystem::path> config_file;
  std::optional<std::filesystem::path> data_dir;
  bool no_daemon = false;
  output_options output;
};

/// The arguments, or the exit code after --help, --version or a usage error was answered.
[[nodiscard]] std::expected<arguments, int> parse_arguments(int argc, char const* const* argv);

}  // namespace vinny
