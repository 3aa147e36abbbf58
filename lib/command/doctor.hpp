// SPDX-License-Identifier: MIT
#pragma once

#include "command/output.hpp"
#include "config/config.hpp"

namespace vinny {

/// `vinny doctor`: prints what run/health finds. 0, or 1 when something is red.
[[nodiscard]] int run_doctor(config const& settings, output_options const& how);

}  // namespace vinny
