// SPDX-License-Identifier: MIT
//
// The effective configuration as text, for `vinny config show`.
#pragma once

#include <string>

#include "config/config.hpp"

namespace vinny {

/// TOML with every key. A secret is "<set>" or "", never its value.
[[nodiscard]] std::string show_config(config const& shown);

}  // namespace vinny
