// SPDX-License-Identifier: MIT
//
// Another program, run to its end without a shell: arguments as a list, an environment of its
// own, a limit on its time and on what is kept of its output. Blocking; knows nothing of D1.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/failure.hpp"

namespace vinny {

struct child_command {
  std::vector<std::string> arguments;              // the first is the program: a path, or in $PATH
  std::map<std::string, std::string> environment;  // all that it gets
  std::filesystem::path folder;                    // its working directory
  std::chrono::milliseconds patience{std::chrono::minutes{10}};
  std::size_t kept_bytes = 4U << 20;        // of each stream; the rest is read and dropped
  std::atomic<bool> const* stop = nullptr;  // true: it is killed
};

struct child_outcome {
  int exit_code = 0;  // 128 + the signal when one ended it
  std::string out;
  std::string err;
  bool cut = false;  // more came than was kept
};

/// Runs it with /dev/null as its input, in a process group of its own; at the end of `patience`,
/// and when told to stop, the whole group is killed. Fails with publish_tool (it cannot be
/// started), total_timeout, cancelled and io_error.
[[nodiscard]] result<child_outcome> run_child(child_command const& what);

/// The program's path: as it is when it has a slash, else the first executable in `path`.
[[nodiscard]] std::optional<std::filesystem::path> find_program(std::string const& name,
                                                                std::string const& path);

}  // namespace vinny
