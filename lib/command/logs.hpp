// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "command/command_line.hpp"
#include "control/answers/log_answer.hpp"
#include "observe/log.hpp"

namespace vinny {

struct log_arguments {
  bool follow = false;
  std::string run;  // empty: of any
  log_level level = log_level::trace;
  std::size_t lines = 0;  // the last so many
};

/// Gives the exit code.
[[nodiscard]] int show_logs(config const& settings, invocation const& how,
                            log_arguments const& wish);

}  // namespace vinny
